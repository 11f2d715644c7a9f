/** A piece of a text: as it stands, or an expression that was between `${{` and `}}`. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: string }

/** Splits a text at its expressions. A `}}` inside a quoted string does not end one. */
export function splitTemplate(source: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let at = 0
  while (at < source.length) {
    const open = source.indexOf('${{', at)
    const close = open < 0 ? -1 : endOfExpression(source, open + 3)
    const textEnd = close < 0 ? source.length : open
    if (textEnd > at) parts.push({ kind: 'text', text: source.slice(at, textEnd) })
    if (close < 0) break
    parts.push({ kind: 'expression', expression: source.slice(open + 3, close).trim() })
    at = close + 2
  }
  return parts
}

function endOfExpression(source: string, from: number): number {
  let isQuoted = false
  for (let at = from; at < source.length; at++) {
    // A doubled quote switches twice and so stays inside.
    if (source[at] === "'") isQuoted = !isQuoted
    else if (!isQuoted && source.startsWith('}}', at)) return at
  }
  return -1
}
