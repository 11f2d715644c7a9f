import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInside, nextOpeningOf, wallClock } from '../../../src/domain/gates/weekly-window.ts'
import type { WeeklyWindow } from '../../../src/domain/ring.ts'
import { type EpochMs, epochMs } from '../../../src/domain/units.ts'

const at = (text: string): EpochMs => epochMs(Date.parse(text))
const utc = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16)

function window(rest: Partial<WeeklyWindow>): WeeklyWindow {
  return { days: [1, 2, 3, 4], fromMinute: 540, toMinute: 960, timezone: 'Europe/Berlin', text: '', ...rest }
}
const office = window({})
const night = window({ days: [5], fromMinute: 22 * 60, toMinute: 2 * 60 })

describe('the clock on the wall', () => {
  it.each([
    ['2026-11-23T08:00:00Z', 'Europe/Berlin', 1, 540],
    ['2026-07-06T07:00:00Z', 'Europe/Berlin', 1, 540],
    ['2026-11-22T23:30:00Z', 'Europe/Berlin', 1, 30],
    ['2026-11-22T00:00:00Z', 'UTC', 7, 0],
    ['2026-11-22T18:15:00Z', 'Asia/Kathmandu', 1, 0],
    ['2026-11-22T12:00:00Z', 'Pacific/Apia', 1, 60],
    ['2026-11-23T03:00:00Z', 'America/New_York', 7, 22 * 60],
  ] as const)('at %s in %s it is day %i, minute %i', (instant, zone, weekday, minute) => {
    expect(wallClock(at(instant), zone)).toEqual({ weekday, minute })
  })
  it('knows no zone that is none', () =>
    expect(() => wallClock(at('2026-11-22T00:00:00Z'), 'Mars/Base')).toThrow(RangeError))
})

describe('a weekly window', () => {
  it.each([
    ['office', office, '2026-11-23T07:59:59Z', false],
    ['office', office, '2026-11-23T08:00:00Z', true],
    ['office', office, '2026-11-23T14:59:59Z', true],
    ['office', office, '2026-11-23T15:00:00Z', false],
    ['office', office, '2026-11-27T10:00:00Z', false],
    ['office in summer', office, '2026-07-06T07:00:00Z', true],
    ['office in summer', office, '2026-07-06T14:00:00Z', false],
    ['night', night, '2026-11-27T20:59:00Z', false],
    ['night', night, '2026-11-27T21:00:00Z', true],
    ['night, past midnight', night, '2026-11-28T00:59:00Z', true],
    ['night, past midnight', night, '2026-11-28T01:00:00Z', false],
    ['night before: not its day', night, '2026-11-27T00:30:00Z', false],
    ['Sunday into Monday', window({ days: [7], fromMinute: 1380, toMinute: 60 }), '2026-11-22T23:30:00Z', true],
    ['whole day', window({ days: [1], fromMinute: 0, toMinute: 1440 }), '2026-11-23T22:59:00Z', true],
    ['whole day', window({ days: [1], fromMinute: 0, toMinute: 1440 }), '2026-11-23T23:00:00Z', false],
    ['24 h from noon', window({ days: [1], fromMinute: 720, toMinute: 720 }), '2026-11-24T10:59:00Z', true],
    ['no days', window({ days: [] }), '2026-11-23T10:00:00Z', false],
  ] as const)('%s at %3$s: open is %4$s', (_, one, instant, open) => {
    expect(isInside(one, at(instant))).toBe(open)
  })
})

describe('the next opening', () => {
  const early = window({ days: [7], fromMinute: 135, toMinute: 165 })
  it.each([
    ['now, when it is open', office, '2026-11-23T10:00:30Z', '2026-11-23T10:00'],
    ['in the morning', office, '2026-11-23T03:00:00Z', '2026-11-23T08:00'],
    ['after the weekend', office, '2026-11-26T15:00:00Z', '2026-11-30T08:00'],
    ['by summer time after the clocks went forward', office, '2026-03-28T12:00:00Z', '2026-03-30T07:00'],
    ['by winter time after they went back', office, '2026-10-24T12:00:00Z', '2026-10-26T08:00'],
    ['past midnight', night, '2026-11-28T01:00:00Z', '2026-12-04T21:00'],
    // On 2026-03-29 Berlin's clocks jump from 02:00 to 03:00.
    ['a week later when daylight saving skips it whole', early, '2026-03-22T02:00:00Z', '2026-04-05T00:15'],
    [
      'after the gap when its start is skipped',
      window({ days: [7], fromMinute: 150, toMinute: 240 }),
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00',
    ],
    // On 2026-10-25 Berlin has 02:00 to 03:00 twice.
    ['the first of two, when it comes twice', early, '2026-10-24T12:00:00Z', '2026-10-25T00:15'],
    ['the second of two, after the first', early, '2026-10-25T00:45:00Z', '2026-10-25T01:15'],
    [
      'across a shift of half an hour',
      window({ days: [7], timezone: 'Australia/Lord_Howe' }),
      '2026-10-03T12:00:00Z',
      '2026-10-03T22:00',
    ],
    ['never, without days', window({ days: [] }), '2026-11-23T10:00:00Z', undefined],
  ] as const)('%s', (_, one, from, opening) => {
    expect(utc(nextOpeningOf(one, at(from)))).toBe(opening)
  })

  it('is open, and no minute before it was', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Antarctica/Troll',
      'Africa/Casablanca',
    ]
    const any = fc.record({
      days: fc.uniqueArray(fc.constantFrom(1, 2, 3, 4, 5, 6, 7), { minLength: 1, maxLength: 3 }),
      fromMinute: fc.integer({ min: 0, max: 1439 }),
      toMinute: fc.integer({ min: 1, max: 1440 }),
      timezone: fc.constantFrom(...zones),
    })
    const from = fc.integer({ min: Date.parse('2026-01-01') / 1000, max: Date.parse('2027-12-31') / 1000 })
    fc.assert(
      fc.property(any, from, (rest, seconds) => {
        const one = window({ ...rest, days: rest.days as WeeklyWindow['days'] })
        const start = epochMs(seconds * 1000)
        const opening = nextOpeningOf(one, start)
        if (opening === undefined) throw new TypeError('a window with days opens')
        const open: string[] = []
        // Every fifth minute keeps this fast; a window is a stretch of minutes, so what is missed is under five of them.
        for (let instant = start; instant < opening; instant = epochMs(instant + 300_000)) {
          if (isInside(one, instant)) open.push(new Date(instant).toISOString())
        }
        expect(open).toEqual([])
        expect(isInside(one, opening)).toBe(true)
      }),
      { numRuns: 40, seed: 5 },
    )
  })
})
