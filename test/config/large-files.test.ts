import { describe, expect, it } from 'vitest'
import { readRingFile } from '../../src/config/read-ring-file.ts'

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')
const solution = 'version: 1\nsolutions:\n s:\n  rings:\n'

function took(text: string): number {
  const begun = performance.now()
  readRingFile(text)
  return performance.now() - begun
}

describe('a file as large as one may be', () => {
  // Each of these grows with the square of its length or worse when a check compares everything with everything; a minute is what the
  // first of them once took. Seconds would be a bug, however slow the machine.
  it.each([
    { what: 'rings in one long line', text: solution + many(2_500, index => `   r${index}: {after: r${index + 1}}`) },
    {
      what: 'rings in one large circle',
      text: solution + many(2_500, index => `   r${index}: {after: r${(index + 1) % 2_500}}`),
    },
    {
      what: 'rings after rings that do not exist',
      text: solution + many(2_400, index => `   r${index}: {after: x${index}}`),
    },
    {
      what: 'components that nobody declares',
      text: `version: 1\nsolutions:\n s:\n  components:\n${many(1_700, index => `   c${index}: {kind: code, uses: [z${index}]}`)}`,
    },
    { what: 'unknown keys', text: many(5_000, index => `zz${index}x: 1`) },
    { what: 'the same key', text: many(9_000, () => 'a: 1') },
    {
      what: 'freezes',
      text: `${solution}   a:\n    gates: {windows: {freeze: [${many(990, () => '{from: 2026-01-01, to: 2026-01-02, reason: x},').replaceAll('\n', '')}]}}`,
    },
    {
      what: 'zones that do not exist',
      text: `${solution}   a:\n    gates: {windows: {freeze: [${many(800, index => `{from: 2026-01-01, to: 2026-01-02, timezone: Xu${index}/B, reason: x},`).replaceAll('\n', '')}]}}`,
    },
    { what: 'syntax errors', text: many(8_000, () => 'a: b: c') },
  ])('is read in time: $what', ({ text }) => {
    expect(text.length).toBeLessThanOrEqual(65_536)
    expect(took(text)).toBeLessThan(5_000)
  })

  it('names a few rings in a message, not thousands', () => {
    const reading = readRingFile(solution + many(2_400, index => `   r${index}: {after: x${index}}`))
    if (reading.ok) throw new Error('it was accepted')
    expect(Math.max(...reading.problems.map(({ message }) => message.length))).toBeLessThan(400)
    expect(reading.problems.length).toBe(100)
  })
})
