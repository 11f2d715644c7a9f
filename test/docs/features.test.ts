import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evidenceIn, findEvidence, readFeatures } from '../../.ci/docs/feature-evidence.ts'
import { featuresPage } from '../../.ci/docs/features-page.ts'

const root = join(import.meta.dirname, '..', '..')
const features = readFeatures(root)
const evidence = findEvidence(root)

/** What has to be shown by now: by the Action, the sandbox and the command line together, and by the App. */
const shownNow =
  'M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 M11 M12 M13 M15 M16 M17 M18 M19 A1 A2 A3 A4 A9 A10 A20 C12 C13 C14 C16 C17 C23 C24 C25 D1 D2 D3 D6 D15 F3 F5 F6 F8 F9 F14 F17 F20 F23 F24 I8'.split(
    ' ',
  )

describe('the list of features', () => {
  it('has each id once', () => {
    const ids = features.map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    // 27 C, 21 D, 19 M, 27 F (the second in two parts), 20 A and 8 ideas.
    expect(ids).toHaveLength(27 + 21 + 19 + 28 + 20 + 8)
  })

  it('knows every id that a title of a test names', () => {
    const known = new Set(features.map(({ id }) => id))
    const unknown = evidence.flatMap(({ file, line, ids }) =>
      ids.filter(id => !known.has(id)).map(id => `${id} in ${file}:${line}`),
    )
    expect(unknown).toEqual([])
  })

  it('is shown by a test where it must be', () => {
    const shown = new Set(evidence.flatMap(({ ids }) => ids))
    expect(shownNow.filter(id => !shown.has(id))).toEqual([])
  })
})

describe('finding the titles that name features', () => {
  // Brackets are written as << >> here: this file is searched as well.
  const found = (text: string) =>
    evidenceIn('test/a.test.ts', text.replaceAll('<<', '[').replaceAll('>>', ']')).map(({ line, title, ids }) => ({
      line,
      title,
      ids,
    }))

  it('reads one id or several, of tests and of groups', () => {
    expect(found(`it('<<D2>> stops', () => {})\ndescribe(\n  "<<C13>> <<A10>> moves",`)).toEqual([
      { line: 1, title: 'stops', ids: ['D2'] },
      { line: 2, title: 'moves', ids: ['C13', 'A10'] },
    ])
  })

  it('reads the title of a table of tests, and what is escaped in it', () => {
    const [table] = found(`it.each(states)('<<M6>> shows %s', () => {})`)
    expect(table).toEqual({ line: 1, title: 'shows %s', ids: ['M6'] })
    const [escaped] = found(`it('<<F2a>> isn\\'t lost', () => {})`)
    expect(escaped).toEqual({ line: 1, title: "isn't lost", ids: ['F2a'] })
  })

  it.each([
    `it.skip('<<D2>> stops')`,
    `it.todo('<<D3>> counts')`,
    `const text = '<<D4>> is no title'`,
    `it('plain <<D5>>')`,
  ])('leaves out %s', text => {
    expect(found(text)).toEqual([])
  })
})

describe('docs/features.md', () => {
  it('says of each feature where it is shown, or that it is not', () => {
    const page = featuresPage(
      [
        { id: 'C1', feature: 'a < b', observable: 'a list[]' },
        { id: 'I8', feature: 'an idea' },
      ],
      [{ file: 'test/x/a.test.ts', line: 1, title: 'goes', ids: ['C1'] }],
    )
    expect(page).toContain('| C1 | a &lt; b | a list\\[\\] | [x/a.test.ts](../test/x/a.test.ts): goes |')
    expect(page).toContain('| I8 | an idea |  | *not yet* |')
    expect(page).toContain('1 of 2 have a test.')
  })
})
