/**
 * Text of strangers (titles, branches, log lines) as inert Markdown: no link, no image, no HTML, no mention, no reference, no command
 * survives. Line breaks become spaces, so that it stays in its cell.
 */
export function escapeMarkdown(text: string): string {
  return inert(printable(text)).trim()
}

/** A sentence with what to type in `backticks` as Markdown: those parts become code, all else is inert. */
export function proseAsMarkdown(text: string): string {
  const parts = printable(text).split(/`([^`]+)`/)
  return parts
    .map((part, index) => (index % 2 === 1 ? codeSpan(part) : inert(part)))
    .join('')
    .trim()
}

/** Text of strangers as inline code that it cannot leave, also inside a table. */
export function codeSpan(text: string): string {
  const line = printable(text).replace(/\s+/g, ' ').trim()
  if (line === '') return ''
  const fence = '`'.repeat(longestRun(line) + 1)
  const room = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${room}${line.replaceAll('|', '\\|')}${room}${fence}`
}

/**
 * An http or https URL that stays one wherever it stands: bare, in a table or as the target of a link. What Markdown could take for its own
 * is percent-encoded; a name with a password is left out.
 *
 * @returns undefined for everything else, such as `javascript:`
 */
export function safeUrl(text: string): string | undefined {
  const url = URL.parse(text.trim())
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') return undefined
  const encode = (character: string): string =>
    `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  // The host is left as it is: there a parser lets nothing pass but brackets around an IPv6 address.
  const rest = printable(`${url.pathname}${url.search}${url.hash}`)
  return `${url.origin}${rest.replace(/[\s<>()[\]\\`*|~^{}"']/g, encode)}`
}

/** A link with inert words; the words alone when there is nowhere to go. */
export function link(words: string, url: string | undefined): string {
  const target = url === undefined ? undefined : safeUrl(url)
  return target === undefined ? escapeMarkdown(words) : `[${escapeMarkdown(words)}](${target})`
}

/**
 * Lines of a log as a code block that they cannot leave.
 *
 * @param language - how GitHub colours it; `diff` for differences
 */
export function codeBlock(text: string, language: 'text' | 'diff' = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}${language}\n${printable(text)}\n${fence}`
}

/** Without the colours and cursor movements of terminals, and without what makes text run or look otherwise than it is written. */
export function printable(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, '')
      .replace(/\r\n?/g, '\n')
      .replace(/[^\P{Cc}\n\t]|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '')
  )
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

function inert(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .replace(/&/g, '&amp;')
      .replace(/[\\`*_[\]|~$]|^ ?[-+>#=]|:(?=\/\/)/g, match => `\\${match.trimStart()}`)
      .replace(/</g, '&lt;')
      .replace(/\bwww\./gi, match => `${match.slice(0, -1)}\\.`)
      // GitHub finds mentions and references in what is rendered, where a backslash is gone: a character of no width is not.
      .replace(/@(?=[A-Za-z0-9])|#(?=[0-9])/g, match => `${match}\u200b`)
  )
}
