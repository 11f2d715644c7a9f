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
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`JSON has no ${value}.`)
  return JSON.stringify(value)
}
