import type { LimitNotice } from '../../ports/call-budget.ts'

/**
 * What GitHub says of its limits in an answer that it refused; undefined for a refusal of another kind.
 *
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function readLimit(error: unknown): LimitNotice | undefined {
  const status = field(error, 'status')
  if (status !== 403 && status !== 429) return undefined
  const headers = field(field(error, 'response'), 'headers')
  const seconds = secondsIn(field(headers, 'retry-after'))
  const isPrimary = String(field(headers, 'x-ratelimit-remaining')) === '0'
  const message = error instanceof Error ? error.message : ''
  const isLimit = status === 429 || seconds !== undefined || isPrimary || /rate limit|abuse/i.test(message)
  if (!isLimit) return undefined
  const retryAfterMs = seconds === undefined ? (isPrimary ? untilReset(headers) : undefined) : seconds * 1_000
  return { limit: isPrimary && seconds === undefined ? 'primary' : 'secondary', retryAfterMs }
}

/** By GitHub's own clock: ours may go wrong. */
function untilReset(headers: unknown): number | undefined {
  const reset = secondsIn(field(headers, 'x-ratelimit-reset'))
  const now = Date.parse(String(field(headers, 'date')))
  return reset === undefined || Number.isNaN(now) ? undefined : Math.max(0, reset * 1_000 - now)
}

function secondsIn(value: unknown): number | undefined {
  return (typeof value === 'string' || typeof value === 'number') && /^[0-9]+$/.test(String(value))
    ? Number(value)
    : undefined
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
