/**
 * JSON that is the same text for the same value: keys sorted by UTF-16 code units, no white space, numbers and strings as JSON.stringify
 * writes them. Properties that are undefined are left out.
 *
 * Source: RFC 8785, JSON Canonicalization Scheme.
 *
 * @throws {RangeError} for a number that JSON cannot hold
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) return `{${members(value)}}`
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`JSON has no ${value}.`)
  return JSON.stringify(value)
}

/** One string that grows: a manifest has a hundred thousand objects, and lists for each of them would be most of the memory of a build. */
function members(object: object): string {
  let text = ''
  for (const key of Object.keys(object).sort()) {
    const member: unknown = Reflect.get(object, key)
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return text
}
