import type { Weekday, WeeklyWindow } from '../../domain/ring.ts'
import type { Notation } from './notation.ts'
import { readTimeZone } from './time-zone.ts'

/** `Mon-Thu 09:00-16:00 Europe/Berlin` */
export const windowPattern =
  /^(?:daily|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[-,](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))*) [0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2} [A-Za-z][A-Za-z0-9_+/-]*$/

const weekdays: Readonly<Record<string, Weekday>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 }
const everyDay: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]

/**
 * Reads a weekly window: days (`Mon-Thu`, `Mon,Wed`, `Fri-Mon`, `daily`), hours by the wall clock (`09:00-16:00`; `22:00-02:00` ends on the next
 * day) and an IANA zone.
 */
export function readWindow(text: string): Notation<WeeklyWindow> {
  const [dayText = '', hours = '', timezone = ''] = text.split(' ')
  const days = readDays(dayText)
  if (days === undefined)
    return {
      ok: false,
      message: `names days that cannot be read in \`${dayText}\`; write \`Mon-Thu\`, \`Mon,Wed\` or \`daily\``,
    }
  const [fromMinute, toMinute] = hours.split('-').map(readMinute)
  if (fromMinute === undefined || toMinute === undefined || fromMinute === 1440 || toMinute === 0) {
    return { ok: false, message: `has the hours \`${hours}\`; they go from 00:00 to 24:00, as in \`09:00-16:00\`` }
  }
  const zone = readTimeZone(timezone)
  if (!zone.ok) return { ...zone, instead: (zone.instead ?? []).map(near => `${dayText} ${hours} ${near}`) }
  return { ok: true, value: { days, fromMinute, toMinute, timezone: zone.value, text } }
}

function readDays(text: string): readonly Weekday[] | undefined {
  if (text === 'daily') return everyDay
  const days = new Set<Weekday>()
  for (const part of text.split(',')) {
    const [first, last, ...more] = part.split('-').map(name => weekdays[name])
    if (first === undefined || more.length > 0 || (part.includes('-') && last === undefined)) return undefined
    for (const day of daysFrom(first, last ?? first)) days.add(day)
  }
  return [...days].toSorted((a, b) => a - b)
}

/** `Fri-Mon` goes over the end of the week. */
function daysFrom(first: Weekday, last: Weekday): readonly Weekday[] {
  return first <= last
    ? everyDay.filter(day => day >= first && day <= last)
    : everyDay.filter(day => day >= first || day <= last)
}

function readMinute(text: string): number | undefined {
  const [hour = Number.NaN, minute = Number.NaN] = text.split(':').map(Number)
  const minutes = hour * 60 + minute
  return hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && minutes <= 1440 ? minutes : undefined
}
