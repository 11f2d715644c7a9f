import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/domain/canonical-json.ts'

describe('canonical JSON', () => {
  // RFC 8785, section 3.2.2 (values) and 3.2.3 (order of keys): the examples there.
  it('writes what RFC 8785 shows', () => {
    const value: unknown = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts keys by their UTF-16 code units, as RFC 8785 does', () => {
    const keys = ['€', '\r', '\uFB33', '1', '😀', '\u0080', 'ö']
    const object = Object.fromEntries(keys.map(key => [key, 0]))
    expect(canonicalJson(object)).toBe(`{"\\r":0,"1":0,"\u0080":0,"ö":0,"€":0,"😀":0,"\uFB33":0}`)
  })

  it.each([
    { value: { b: undefined, a: 1 }, text: '{"a":1}', why: 'what is undefined is absent' },
    { value: [{ b: [], a: {} }], text: '[{"a":{},"b":[]}]', why: 'order matters at every depth' },
    { value: -0, text: '0', why: 'there is one zero' },
    { value: JSON.parse('{"__proto__":1}'), text: '{"__proto__":1}', why: 'a key is a key' },
  ])('$text: $why', ({ value, text }) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', number => {
    expect(() => canonicalJson({ number })).toThrow(RangeError)
  })

  it('is the same text whatever the order of the keys, and means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed(value))).toBe(text)
      }),
    )
  })
})

/** Equal, with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  )
}
