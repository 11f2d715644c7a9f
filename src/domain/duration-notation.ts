import { type DurationMs, durationMs } from './units.ts'

/** `90s`, `10m`, `1h30m`, `7d`, `500ms` */
export const durationPattern = /^(?:[0-9]{1,9}(?:ms|s|m|h|d))+$/

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const longest = 366 * 86_400_000

/** Reads a span of time: numbers with the units `ms`, `s`, `m`, `h` and `d`, the largest first. What else {@link durationPattern} refuses is not looked at. */
export function readDuration(
  text: string,
): { readonly ok: true; readonly value: DurationMs } | { readonly ok: false; readonly message: string } {
  let sum = 0
  let last = Number.POSITIVE_INFINITY
  for (const [, digits = '', unit = ''] of text.matchAll(/([0-9]+)(ms|[smhd])/g)) {
    const size = units[unit] ?? 0
    if (size >= last)
      return { ok: false, message: 'names its units from the largest to the smallest, each once: `1h30m`' }
    sum += Number(digits) * size
    last = size
  }
  if (sum > longest) return { ok: false, message: 'may be 366 days at most' }
  return { ok: true, value: durationMs(sum) }
}

/** What the writer of something that is no duration may have meant. */
export function likelyDuration(value: unknown): readonly string[] {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const [, digits, word = ''] = /^([0-9]{1,9})\s*([a-z]*)$/i.exec(text) ?? []
  if (digits === undefined) return []
  if (word === '') return ['s', 'm', 'h'].map(unit => digits + unit)
  const unit = Object.keys(longNames).find(known => longNames[known]?.test(word))
  return unit === undefined ? [] : [digits + unit]
}

const longNames: Readonly<Record<string, RegExp>> = {
  ms: /^(?:ms|msecs?|millis(?:econds?)?)$/i,
  s: /^(?:s|secs?|seconds?)$/i,
  m: /^(?:m|mins?|minutes?)$/i,
  h: /^(?:h|hrs?|hours?)$/i,
  d: /^(?:d|days?)$/i,
}
