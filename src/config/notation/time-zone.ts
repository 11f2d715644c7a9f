import { closest } from '../../domain/closest.ts'
import type { Notation } from './notation.ts'

/** Reads an IANA zone such as `Europe/Berlin` or `UTC`. Abbreviations such as `CEST` name no zone: they do not say when clocks change. */
export function readTimeZone(text: string): Notation<string> {
  if (isTimeZone(text)) return { ok: true, value: text }
  const near = closest(text, zones()) ?? cityZone(text)
  return {
    ok: false,
    message: `names the zone \`${text}\`, which is no IANA zone`,
    instead: near === undefined ? ['Europe/Berlin', 'UTC'] : [near],
  }
}

function isTimeZone(text: string): boolean {
  // Offsets such as +01:00 are accepted by Intl, and would be wrong in summer.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function cityZone(text: string): string | undefined {
  const city = text.split('/').at(-1)?.toLowerCase().replace(/\s/g, '_')
  return zones().find(zone => zone.split('/').at(-1)?.toLowerCase() === city)
}

let known: readonly string[] | undefined

function zones(): readonly string[] {
  known ??= Intl.supportedValuesOf('timeZone')
  return known
}
