/** Bytes of UTF-8 that a file may have. */
const largestFile = 65_536
/** How deep values may stand inside each other. */
const deepest = 32

/** A fault in the text that is found without parsing it. */
export interface TextFault {
  readonly code: 'limit' | 'not_allowed'
  readonly message: string
  /** Characters from the beginning of the text. */
  readonly offset: number
}

/**
 * What makes a text unfit for the parser at all.
 *
 * The parser recurses. On a text of `[[[[…` or `- - - …` it comes so close to the end of the stack that V8 cannot compile a regular
 * expression there, which ends the whole process; so depth is bounded before it sees the text. The count does not know quotes and
 * comments and is therefore generous.
 */
export function textFault(text: string): TextFault | undefined {
  if (byteLength(text) > largestFile) {
    return { code: 'limit', message: `The file is larger than ${largestFile / 1024} KB; split it.`, offset: 0 }
  }
  return strangeCharacter(text) ?? deepBrackets(text) ?? deepLines(text)
}

function byteLength(text: string): number {
  // No text shorter than a third of the limit can pass it, and none longer than the limit can keep it.
  if (text.length > largestFile) return text.length
  return text.length * 3 <= largestFile ? text.length : new TextEncoder().encode(text).length
}

function strangeCharacter(text: string): TextFault | undefined {
  if (text.startsWith('\uFEFF')) {
    return {
      code: 'not_allowed',
      message: 'The file begins with a byte order mark; save it as UTF-8 without one.',
      offset: 0,
    }
  }
  // Control characters, and those that turn the direction of text or cannot be seen: what is read would not be what is shown.
  const control = /(?![\t\n\r])[\p{Cc}\p{Zl}\p{Zp}\uFEFF\uFFFD\u202a-\u202e\u2066-\u2069]/u.exec(text)
  if (control === null) return undefined
  const point = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return {
    code: 'not_allowed',
    message: `The character U+${point} may not stand in the file; remove it.`,
    offset: control.index,
  }
}

function deepBrackets(text: string): TextFault | undefined {
  let open = 0
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1)
    if (open > deepest) return tooDeep(index)
  }
  return undefined
}

/** Depth by indentation, and by indicators such as `- - -` at the beginning of one line. */
function deepLines(text: string): TextFault | undefined {
  const columns: number[] = []
  for (const { 0: line, index } of text.matchAll(/^(?: *)(?:[-?:][ \t]+)*(?=[^\s#])/gm)) {
    const indent = line.length - line.trimStart().length
    while ((columns.at(-1) ?? -1) >= indent) columns.pop()
    columns.push(indent)
    const indicators = line.length === indent ? 0 : line.slice(indent).split(/[ \t]+/).length - 1
    if (columns.length + indicators > deepest) return tooDeep(index)
  }
  return undefined
}

function tooDeep(offset: number): TextFault {
  return { code: 'limit', message: `Values stand more than ${deepest} deep inside each other here.`, offset }
}
