import { describe, expect, it } from 'vitest'
import { epochMs } from '../../src/domain/units.ts'
import { sayBytes, sayDuration } from '../../src/text/duration.ts'
import { sayInstant, sayInstantFrom } from '../../src/text/instant.ts'
import { markdownTable, textTable } from '../../src/text/table.ts'

describe('durations, sizes and instants in words', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [90_000, '1 min 30 s'],
    [120_400, '2 min'],
    [630_000, '11 min'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
    [172_800_000, '2 d'],
  ])('%i ms are %s', (ms, words) => expect(sayDuration(ms)).toBe(words))

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_500_000, '1.5 MB'],
    [200_000_000, '200.0 MB'],
    [2_147_483_648, '2.1 GB'],
  ])('%i bytes are %s', (bytes, words) => expect(sayBytes(bytes)).toBe(words))

  const at = epochMs(Date.UTC(2026, 10, 30, 8, 0))
  it.each([
    [at, '2026-11-30 08:00 UTC'],
    [epochMs(0), '1970-01-01 00:00 UTC'],
    [epochMs(Date.UTC(2028, 1, 29, 23, 59, 59)), '2028-02-29 23:59 UTC'],
  ])('%i is %s', (instant, words) => expect(sayInstant(instant)).toBe(words))

  it.each([
    [-10_800_000, 'in 3 h'],
    [-60_000, 'in 1 min'],
    [0, 'now'],
    [300_000, '5 min ago'],
  ])('seen %i ms later it is %s', (later, words) => {
    expect(sayInstantFrom(at, epochMs(at + later))).toBe(`2026-11-30 08:00 UTC (${words})`)
  })
})

describe('tables', () => {
  it('for terminals: aligned, without trailing blanks', () => {
    const rows = [
      ['dev', 'v3', 'active'],
      ['production', '–', ''],
    ]
    expect(textTable(['RING', 'VERSION', 'STATE'], rows)).toBe(
      ['RING        VERSION  STATE', 'dev         v3       active', 'production  –'].join('\n'),
    )
  })
  it('without rows are their header', () => expect(textTable(['RING', 'STATE'], [])).toBe('RING  STATE'))
  it('for Markdown', () => {
    expect(markdownTable(['A', 'B'], [['1', '2']])).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |')
  })
})
