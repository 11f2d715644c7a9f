import { printable } from './escape-markdown.ts'

/**
 * Text of strangers as one line of a log: GitHub's runner obeys `::command::` at the start of a line, after white space too, and
 * `##[command]` anywhere in one.
 */
export function logLine(text: string): string {
  return printable(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^(\s*):(?=:)/, '$1:\u200b')
    .replaceAll('##[', '##\u200b[')
}
