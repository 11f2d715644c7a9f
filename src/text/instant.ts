import type { EpochMs } from '../domain/units.ts'
import { sayDuration } from './duration.ts'

// Made when it is used first: making it takes longer than everything else that the Action does before it asks GitHub.
let utc: Intl.DateTimeFormat | undefined

function utcFormat(): Intl.DateTimeFormat {
  utc ??= new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return utc
}

/** `2026-11-30 08:00 UTC` */
export function sayInstant(at: EpochMs): string {
  const parts = new Map(
    utcFormat()
      .formatToParts(at)
      .map(part => [part.type, part.value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} UTC`
}

/** `2026-11-30 08:00 UTC (in 3 h)`, `(5 min ago)`, `(now)` */
export function sayInstantFrom(at: EpochMs, now: EpochMs): string {
  const distance = Math.abs(at - now)
  const words = distance < 1_000 ? 'now' : at > now ? `in ${sayDuration(distance)}` : `${sayDuration(distance)} ago`
  return `${sayInstant(at)} (${words})`
}
