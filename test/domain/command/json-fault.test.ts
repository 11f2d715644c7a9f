import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from '../../../src/domain/command/json-fault.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('the fault of a JSON text', () => {
  it.each([
    ['', 0, 'a value is missing'],
    ['{"a":1,}', 7, 'a key was expected'],
    ['{a:1}', 1, 'a key or `}` was expected'],
    ['{"a" 1}', 5, '`:` was expected'],
    ['{"a":tru}', 5, 'a value was expected'],
    ['[1 2]', 3, '`,` or the end of the list was expected'],
    ['[1,]', 3, 'a value was expected'],
    ['[1}', 2, '`,` or the end of the list was expected'],
    ['{"a":1]', 6, '`,` or the end of the object was expected'],
    ['{} x', 3, 'the end was expected'],
    ['01', 1, 'the end was expected'],
    ["{'a':1}", 1, 'a key or `}` was expected'],
    ['{"a":[1', 7, '`,` or the end of the list is missing'],
    ['"a', 0, 'a value was expected'],
    ['{"a":{"\\u005f_proto__":1}}', 6, 'this key is not taken'],
    ['['.repeat(65), 64, 'it is nested deeper than 64 levels'],
  ])('%s', (text, offset, words) => expect(jsonFault(text)).toEqual({ offset, words }))

  it.each([
    '{}',
    '[]',
    ' {"a" : [1, -0.5e+3, "x\\u0041\\n", null, true]} ',
    '"__proto__"',
    '['.repeat(64) + ']'.repeat(64),
  ])('%s has none', text => expect(jsonFault(text)).toBeUndefined())

  it('is found exactly where JSON.parse refuses', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '0',
      '.5',
      'e9',
      'null',
      ' ',
      'x',
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 10 }).map(pieces => pieces.join('')),
      fc.json({ maxDepth: 4 }).filter(json => !json.includes('__proto__')),
      fc.string({ unit: 'binary', maxLength: 5 }),
    )
    fc.assert(
      fc.property(text, one => {
        expect(jsonFault(one) === undefined).toBe(isJson(one))
      }),
      { numRuns: 3_000 },
    )
  })
})
