import { codeBlock, printable } from './escape-markdown.ts'

/** One line of a difference. */
export interface ChangeLine {
  /** `+` new, `-` gone, `~` changed; a blank stands before what belongs to the line above. */
  readonly sign: '+' | '-' | '~' | ' '
  readonly words: string
}

/** A difference for terminals and logs. */
export function changesAsText(lines: readonly ChangeLine[]): string {
  return lines.map(line => `${line.sign} ${oneLine(line.words)}`).join('\n')
}

/** A difference for Markdown. GitHub colours what is new and gone, and marks what begins with `!`. */
export function changesAsMarkdown(lines: readonly ChangeLine[]): string {
  const marked = lines.map(line => `${line.sign === '~' ? '!' : line.sign} ${oneLine(line.words)}`)
  return codeBlock(marked.join('\n'), 'diff')
}

/** `"a" → "b"`, as JSON, so that `1` and `"1"` are told apart; long values end with `…`. */
export function sayChange(before: unknown, after: unknown): string {
  return [before, after].map(value => (value === undefined ? '–' : sayValue(value))).join(' → ')
}

/** A value as JSON, shortened for one line. */
export function sayValue(value: unknown): string {
  const characters = Array.from(JSON.stringify(value))
  return characters.length <= 100 ? characters.join('') : `${characters.slice(0, 99).join('')}…`
}

function oneLine(words: string): string {
  return printable(words).replace(/\s+/g, ' ')
}
