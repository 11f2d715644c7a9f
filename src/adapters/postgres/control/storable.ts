/**
 * PostgreSQL keeps neither U+0000 nor half a surrogate pair. They come in what commands printed and people typed, and would otherwise end every
 * attempt to keep it.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}')
}

/** A value as the text of a `jsonb` parameter. Given as it is, the driver would make an array of PostgreSQL of a list. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string') return storableText(part)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [storableText(name), inner]))
  })
}
