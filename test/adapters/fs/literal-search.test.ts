import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLiteralSearch } from '../../../src/adapters/fs/literal-search.ts'

it('finds every literal that there is, as a plain search would', () => {
  // Few letters, so that the literals overlap each other and the text is full of them.
  const literal = fc.stringMatching(/^[ab_]{4}$/)
  fc.assert(
    fc.property(
      fc.array(literal, { minLength: 1, maxLength: 4 }),
      fc.stringMatching(/^[abc_]{0,60}$/),
      (literals, text) => {
        const search = createLiteralSearch(literals)
        const found: number[] = []
        for (let at = search(Buffer.from(text), 0); at !== -1; at = search(Buffer.from(text), at + 1)) found.push(at)
        const expected = Array.from(text, (_, at) => at).filter(at => literals.includes(text.slice(at, at + 4)))
        expect(found).toEqual(expected)
      },
    ),
    { numRuns: 500 },
  )
})

it.each(['abc', 'abcde', 'größ', ''])('takes four ASCII characters only: not "%s"', literal => {
  expect(() => createLiteralSearch([literal])).toThrow(RangeError)
})
