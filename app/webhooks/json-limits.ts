/** The deepest nesting of objects and arrays that is read. GitHub's own payloads have less than ten. */
const deepest = 64

/** Keys that reach the prototype of an object in careless code. */
const forbiddenKeys: readonly string[] = ['__proto__', 'constructor']

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * Looks through JSON text before it is parsed, in one pass and without recursion.
 *
 * @returns why it must not be parsed; undefined when it may be, which does not yet mean that it is JSON
 */
export function objectionToJson(text: string): string | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === quote) {
      const end = endOfString(text, at)
      if (end === -1) return 'it ends inside a string'
      const key = isBeforeColon(text, end + 1) ? keyIn(text, at, end) : undefined
      if (key !== undefined && forbiddenKeys.includes(key)) return `it has a key ${key}`
      at = end
    } else if (character === openBrace || character === openBracket) {
      depth += 1
      if (depth > deepest) return `it is nested more than ${deepest} levels deep`
    } else if (character === closeBrace || character === closeBracket) {
      depth -= 1
    }
  }
  return undefined
}

/** The place of the quote that ends the string begun at `start`; -1 when there is none. */
function endOfString(text: string, start: number): number {
  // Strings are most of a payload: the search for a quote is many times faster than a look at each character.
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let first = end
    while (text.charCodeAt(first - 1) === backslash) first -= 1
    if ((end - first) % 2 === 0) return end
  }
  return -1
}

function isBeforeColon(text: string, after: number): boolean {
  let at = after
  while (text.charCodeAt(at) <= 0x20) at += 1
  return text.charCodeAt(at) === colon
}

/** The key between two quotes, its escapes resolved: `"\u005f_proto__"` is `__proto__`. */
function keyIn(text: string, start: number, end: number): string | undefined {
  const raw = text.slice(start, end + 1)
  if (!raw.includes('\\')) return raw.slice(1, -1)
  try {
    return String(JSON.parse(raw))
  } catch {
    // The parser will say so.
    return undefined
  }
}
