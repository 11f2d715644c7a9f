import { type EpochMs, epochMs } from '../../domain/units.ts'
import type { Notation } from './notation.ts'

/** `2026-12-20`, or `2026-12-20 18:00` */
export const wallTimePattern = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2})?$/

/** A day, or a minute of it, by the wall clock of a zone that stands elsewhere. */
export interface WallTime {
  /** Days since 1970-01-01. */
  readonly day: number
  /** Minutes after midnight; undefined for the day as a whole. */
  readonly minute: number | undefined
}

const dayMs = 86_400_000
const minuteMs = 60_000

/** Reads a date, with or without a time. */
export function readWallTime(text: string): Notation<WallTime> {
  const [year = 0, month = 0, date = 0, hour, minute = 0] = text.split(/[-T :]/).map(Number)
  if (month < 1 || month > 12 || date < 1 || date > daysOfMonth(year, month)) {
    return { ok: false, message: `is \`${text}\`, a day that no calendar has` }
  }
  if (hour !== undefined && (hour > 23 || minute > 59)) {
    return { ok: false, message: `is \`${text}\`, a time that no clock shows` }
  }
  const day = daysSince1970(year, month, date)
  return { ok: true, value: { day, minute: hour === undefined ? undefined : hour * 60 + minute } }
}

/** The instant at which something begins: midnight, for a whole day. */
export function beginningOf(time: WallTime, timezone: string): EpochMs {
  return instantOf(time.day * dayMs + (time.minute ?? 0) * minuteMs, timezone)
}

/** The first instant after something that lasts until `time`: a whole day belongs to it. */
export function endOf(time: WallTime, timezone: string): EpochMs {
  return time.minute === undefined
    ? instantOf((time.day + 1) * dayMs, timezone)
    : instantOf(time.day * dayMs + time.minute * minuteMs, timezone)
}

/** The instant at which the clocks of a zone show `wall`, which counts as if it were UTC. Of two such instants the first. */
function instantOf(wall: number, timezone: string): EpochMs {
  // The offset one day earlier and one day later are the two that can hold around `wall`; a gap is passed by taking the earlier one.
  const before = offsetAt(wall - dayMs, timezone)
  const after = offsetAt(wall + dayMs, timezone)
  const candidates = [wall - before, wall - after].filter(at => at + offsetAt(at, timezone) === wall)
  return epochMs(candidates.length === 0 ? wall - before : Math.min(...candidates))
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function offsetAt(at: number, timezone: string): number {
  const parts = formatOf(timezone).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find(found => found.type === type)?.value)
  const day = daysSince1970(part('year'), part('month'), part('day'))
  const shown = day * dayMs + (part('hour') * 60 + part('minute')) * minuteMs + part('second') * 1_000
  return shown - Math.floor(at / 1_000) * 1_000
}

/** Making a format takes a hundred times as long as using it, and a file may hold a thousand freezes. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timezone, format)
  return format
}

function daysOfMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

/**
 * Days since 1970-01-01 of a date of the Gregorian calendar.
 *
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
function daysSince1970(year: number, month: number, date: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
