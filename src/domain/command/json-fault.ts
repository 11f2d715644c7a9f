/** Where and why a text is no JSON that we take. */
export interface JsonFault {
  /** Of the first character that cannot stand where it stands. */
  readonly offset: number
  /** Goes on from "at character n". */
  readonly words: string
}

/** Deeper ones have made readers overflow. */
const deepest = 64

const blank = /[ \t\r\n]*/y
const scalar =
  // oxlint-disable-next-line no-control-regex
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y

/** What may come next. */
type Expected =
  | 'a value'
  | 'a value or `]`'
  | 'a key'
  | 'a key or `}`'
  | '`:`'
  | '`,` or the end of the list'
  | '`,` or the end of the object'
  | 'the end'

/**
 * The first fault of a JSON text (RFC 8259); undefined when there is none. `JSON.parse` finds the same faults and says of only some of
 * them where they are. A key `__proto__` is a fault: objects that are merged later would take it for their own.
 */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ('list' | 'object')[] = []
  let expected: Expected = 'a value'
  let at = 0
  for (;;) {
    blank.lastIndex = at
    at += blank.exec(text)?.[0].length ?? 0
    const sign = text[at]
    if (sign === undefined) return expected === 'the end' ? undefined : { offset: at, words: `${expected} is missing` }
    const fault = { offset: at, words: `${expected} was expected` }
    if (sign === '}' || sign === ']') {
      if (!mayClose(expected, sign)) return fault
      open.pop()
      expected = afterValue(open)
      at += 1
    } else if (sign === ',' || sign === ':') {
      const next = afterSeparator(expected, sign)
      if (next === undefined) return fault
      expected = next
      at += 1
    } else if (sign === '{' || sign === '[') {
      if (!expected.startsWith('a value')) return fault
      if (open.length === deepest) return { offset: at, words: `it is nested deeper than ${deepest} levels` }
      open.push(sign === '{' ? 'object' : 'list')
      expected = sign === '{' ? 'a key or `}`' : 'a value or `]`'
      at += 1
    } else {
      scalar.lastIndex = at
      const token = scalar.exec(text)?.[0]
      const isKey = expected.startsWith('a key')
      if (token === undefined || !(isKey ? sign === '"' : expected.startsWith('a value'))) return fault
      if (isKey && JSON.parse(token) === '__proto__') return { offset: at, words: 'this key is not taken' }
      expected = isKey ? '`:`' : afterValue(open)
      at += token.length
    }
  }
}

function mayClose(expected: Expected, sign: '}' | ']'): boolean {
  return sign === '}'
    ? expected === 'a key or `}`' || expected === '`,` or the end of the object'
    : expected === 'a value or `]`' || expected === '`,` or the end of the list'
}

function afterSeparator(expected: Expected, sign: ',' | ':'): Expected | undefined {
  if (sign === ':') return expected === '`:`' ? 'a value' : undefined
  if (expected === '`,` or the end of the list') return 'a value'
  return expected === '`,` or the end of the object' ? 'a key' : undefined
}

function afterValue(open: readonly ('list' | 'object')[]): Expected {
  const around = open.at(-1)
  return around === undefined ? 'the end' : `\`,\` or the end of the ${around}`
}
