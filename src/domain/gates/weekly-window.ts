import type { Weekday, WeeklyWindow } from '../ring.ts'
import { type EpochMs, epochMs } from '../units.ts'

const minute = 60_000
const hour = 60 * minute
/** In minutes. */
const day = 1_440

/** What a clock on the wall of a zone shows. */
export interface WallClock {
  readonly weekday: Weekday
  /** Minutes after midnight. */
  readonly minute: number
}

const weekdays: Readonly<Record<string, Weekday>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 }
const formats = new Map<string, Intl.DateTimeFormat>()

/** @throws {RangeError} when the zone is no IANA zone */
export function wallClock(at: EpochMs, timezone: string): WallClock {
  const parts = formatOf(timezone).formatToParts(at)
  const text = (type: Intl.DateTimeFormatPartTypes): string => parts.find(part => part.type === type)?.value ?? ''
  const weekday = weekdays[text('weekday')]
  if (weekday === undefined) throw new RangeError(`No weekday in ${timezone}.`)
  return { weekday, minute: Number(text('hour')) * 60 + Number(text('minute')) }
}

/** Whether a window is open at an instant, by the wall clock of its zone. */
export function isInside(window: WeeklyWindow, at: EpochMs): boolean {
  const { weekday, minute: now } = wallClock(at, window.timezone)
  const yesterday: Weekday = weekday === 1 ? 7 : dayBefore(weekday)
  if (window.fromMinute < window.toMinute) {
    return window.days.includes(weekday) && now >= window.fromMinute && now < window.toMinute
  }
  const begun = window.days.includes(weekday) && now >= window.fromMinute
  const goesOn = window.days.includes(yesterday) && now < window.toMinute
  return begun || goesOn
}

/**
 * The next instant at which a window is open. Found by walking the zone's own clock, so that the hour that daylight saving skips or
 * repeats is right: a window whose start is skipped opens with the first minute after the gap, one that is skipped whole opens a week
 * later.
 *
 * @returns undefined when it does not open within three weeks: a window without days
 */
export function nextOpeningOf(window: WeeklyWindow, from: EpochMs): EpochMs | undefined {
  const first = Math.floor(from / minute) * minute
  const end = first + 22 * day * minute
  for (let at = first; at < end; at += stepTo(window, epochMs(at))) {
    if (isInside(window, epochMs(at))) return epochMs(Math.max(at, from))
  }
  return undefined
}

/** To the window's start on the wall, at most an hour; minute by minute through an hour in which the clocks are changed. */
function stepTo(window: WeeklyWindow, at: EpochMs): number {
  const { minute: now } = wallClock(at, window.timezone)
  const { minute: later } = wallClock(epochMs(at + hour), window.timezone)
  if ((later - now + day) % day !== 60) return minute
  const left = (window.fromMinute - now + day) % day
  return left === 0 ? hour : Math.min(left * minute, hour)
}

function dayBefore(weekday: Weekday): Weekday {
  const names: readonly Weekday[] = [7, 1, 2, 3, 4, 5, 6]
  return names[weekday - 1] ?? 7
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(timezone, format)
  return format
}
