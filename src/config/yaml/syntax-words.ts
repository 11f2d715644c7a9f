import type { ErrorCode } from 'yaml'

/** What the parser's complaints mean to the one who wrote the file. */
const words: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'Aliases (`*name`) are not read; write the value out.',
  BAD_DQ_ESCAPE: 'This escape is not known in double quotes; write `\\\\` for a backslash, or use single quotes.',
  BAD_INDENT:
    'The indentation does not fit the lines around it; use spaces, two per level, and close every bracket and quote.',
  BLOCK_AS_IMPLICIT_KEY:
    'Two `key: value` stand in one line; begin a new line, or put the value in quotes if it holds `: `.',
  BLOCK_IN_FLOW: 'Inside `[ ]` and `{ }` everything is written with commas and brackets.',
  KEY_OVER_1024_CHARS: 'A key may have at most 1,024 characters.',
  MISSING_CHAR: 'Something is not closed or not separated here: a quote, a bracket, a comma, or the `: ` after a key.',
  MULTIPLE_ANCHORS: 'Anchors (`&name`) are not read; remove it.',
  MULTIPLE_DOCS: 'The file holds a second document; a file is one.',
  MULTIPLE_TAGS: 'Tags (`!name`) are not read; remove it.',
  MULTILINE_IMPLICIT_KEY: 'A key stands in one line; the `:` may be missing.',
  TAB_AS_INDENT: 'Tabs may not indent; use spaces.',
  UNEXPECTED_TOKEN: 'This does not belong here; a quote, a bracket or a comma before it may be missing or too many.',
}

/** Words for a syntax error; the parser's own where none are better. */
export function syntaxWords(code: ErrorCode, message: string): string {
  return words[code] ?? `${message}.`
}
