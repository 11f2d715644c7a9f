import { describe, expect, it } from 'vitest'
import { beginningOf, endOf, readWallTime } from '../../src/config/notation/wall-time.ts'
import { readWindow } from '../../src/config/notation/window-notation.ts'
import { readPlainScalar } from '../../src/config/yaml/plain-scalar.ts'

describe('a weekly window', () => {
  it.each([
    { text: 'Mon-Thu 09:00-16:00 Europe/Berlin', days: [1, 2, 3, 4], fromMinute: 540, toMinute: 960 },
    { text: 'Fri-Mon 22:00-02:00 UTC', days: [1, 5, 6, 7], fromMinute: 1320, toMinute: 120 },
    { text: 'Mon,Wed-Thu,Sun 00:00-24:00 Asia/Kathmandu', days: [1, 3, 4, 7], fromMinute: 0, toMinute: 1440 },
    {
      text: 'daily 12:00-12:01 America/Argentina/Buenos_Aires',
      days: [1, 2, 3, 4, 5, 6, 7],
      fromMinute: 720,
      toMinute: 721,
    },
  ])('$text', ({ text, days, fromMinute, toMinute }) => {
    const timezone = text.split(' ')[2]
    expect(readWindow(text)).toEqual({ ok: true, value: { days, fromMinute, toMinute, timezone, text } })
  })

  it.each([
    'Mon 24:00-01:00 UTC',
    'Mon 09:00-00:00 UTC',
    'Mon 09:60-10:00 UTC',
    'Mon 09:00-10:00 +01:00',
    'Mon-Tue-Wed 09:00-10:00 UTC',
  ])('%s is none', text => {
    expect(readWindow(text).ok).toBe(false)
  })
})

describe('a day or minute by the clock of a zone', () => {
  it.each([
    { text: '2026-12-20', zone: 'Europe/Berlin', begins: '2026-12-20T00:00+01:00', ends: '2026-12-21T00:00+01:00' },
    { text: '2026-07-01', zone: 'America/New_York', begins: '2026-07-01T00:00-04:00', ends: '2026-07-02T00:00-04:00' },
    {
      text: '2026-12-20 18:30',
      zone: 'Asia/Kathmandu',
      begins: '2026-12-20T18:30+05:45',
      ends: '2026-12-20T18:30+05:45',
    },
    { text: '2024-02-29', zone: 'UTC', begins: '2024-02-29T00:00Z', ends: '2024-03-01T00:00Z' },
    // The day on which clocks go forward has 23 hours, the one on which they go back 25.
    { text: '2026-03-29', zone: 'Europe/Berlin', begins: '2026-03-29T00:00+01:00', ends: '2026-03-30T00:00+02:00' },
    { text: '2026-10-25', zone: 'Europe/Berlin', begins: '2026-10-25T00:00+02:00', ends: '2026-10-26T00:00+01:00' },
    // 02:30 does not exist on that day: it comes with the hour after the gap.
    {
      text: '2026-03-29 02:30',
      zone: 'Europe/Berlin',
      begins: '2026-03-29T03:30+02:00',
      ends: '2026-03-29T03:30+02:00',
    },
    // 02:30 comes twice: the first time counts.
    {
      text: '2026-10-25 02:30',
      zone: 'Europe/Berlin',
      begins: '2026-10-25T02:30+02:00',
      ends: '2026-10-25T02:30+02:00',
    },
    { text: '1969-12-31', zone: 'UTC', begins: '1969-12-31T00:00Z', ends: '1970-01-01T00:00Z' },
  ])('$text in $zone', ({ text, zone, begins, ends }) => {
    const reading = readWallTime(text)
    if (!reading.ok) throw new Error(reading.message)
    expect(beginningOf(reading.value, zone)).toBe(Date.parse(begins))
    expect(endOf(reading.value, zone)).toBe(Date.parse(ends))
  })

  it.each(['2026-13-01', '2026-00-10', '2026-04-31', '2027-02-29', '1900-02-29', '2026-01-01 24:00'])(
    '%s is none',
    text => {
      expect(readWallTime(text).ok).toBe(false)
    },
  )
})

describe('an unquoted word', () => {
  it.each([
    ['', null],
    ['null', null],
    ['true', true],
    ['false', false],
    ['0', 0],
    ['-1.5', -1.5],
    ['60s', '60s'],
    ['2026-12-20', '2026-12-20'],
    ['1.2.3', '1.2.3'],
    ['sha256:0123', 'sha256:0123'],
    ['-', '-'],
    ['.', '.'],
    ['e1', 'e1'],
    ['nothing', 'nothing'],
    ['only', 'only'],
    ['y', 'y'],
    ['N', 'N'],
  ])('%j is %j', (source, value) => {
    expect(readPlainScalar(source)).toEqual({ kind: 'value', value })
  })

  it.each([
    'yes',
    'No',
    'ON',
    'off',
    'True',
    'FALSE',
    'Null',
    '~',
    '1e3',
    '1234e567',
    '0123456',
    '0o17',
    '0x1F',
    '0b1',
    '1_000',
    '+1',
    '.5',
    '1.',
    '1.0',
    '-0',
    '.inf',
    '-.INF',
    '.NaN',
    '12:30:45',
    '190:20',
    '9007199254740993',
  ])('%s must be quoted', source => {
    expect(readPlainScalar(source)).toMatchObject({ kind: 'ambiguous' })
  })
})
