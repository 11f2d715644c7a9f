/**
 * Text of strangers (titles, branches, log lines) as inert Markdown: no link, no image, no HTML, no mention, no command survives. Line
 * breaks become spaces, so that it stays in its cell.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~>-]/g, match => `\\${match}`)
    .replace(/</g, '&lt;')
    .replace(/@(?=[A-Za-z0-9])/g, '@\u200b')
}

/** Lines of a log as a code block that they cannot leave. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
