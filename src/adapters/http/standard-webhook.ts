import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Webhook } from 'standardwebhooks'
import { type DurationMs, durationMs } from '../../domain/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EventMessage, EventSender, SendOutcome } from '../../ports/event-sender.ts'
import { type AllowedReach, expectAllowedHost, guardedLookup } from './guarded-lookup.ts'

/** How subscribers are told. */
export interface StandardWebhookOptions {
  readonly clock: Clock
  readonly reach: AllowedReach
  /** Milliseconds that a subscriber may take to answer. @default 15000 */
  readonly timeoutMs?: number
}

const longestPause = 24 * 3_600_000

/**
 * Tells subscribers as Standard Webhooks. Their addresses come from whoever may subscribe: redirects are not followed, nothing of an
 * answer is shown, and what may not be reached is not. Source: https://www.standardwebhooks.com
 */
export function createStandardWebhookSender(options: StandardWebhookOptions): EventSender {
  const { clock } = options
  return {
    async send(message) {
      try {
        const url = expectUrl(message.url, options.reach)
        const answer = await post(url, { ...signed(message, clock), ...options })
        return outcomeOf(answer, clock)
      } catch (error) {
        return {
          kind: 'failed',
          words: error instanceof Error ? `it could not be reached: ${error.message}` : 'failed',
        }
      }
    },
  }
}

/**
 * The URL of a subscriber, as far as it may be told anything.
 *
 * @throws {TypeError} when it is no https URL, or no http URL of a private network where those are allowed
 * @throws {AddressRefused}
 */
export function expectUrl(text: string, reach: AllowedReach): URL {
  const url = new URL(text)
  const isPlain = url.protocol === 'http:' && reach === 'global_and_private'
  if (url.protocol !== 'https:' && !isPlain) throw new TypeError(`an https URL was expected, not ${url.protocol}`)
  expectAllowedHost(url.hostname, reach)
  return url
}

interface Signed {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

function signed({ secret, id, type, at, data }: EventMessage, clock: Clock): Signed {
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
  // Receivers refuse what was signed long ago: each attempt is signed anew.
  const now = new Date(clock.now())
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'ringway',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
  return { body, headers }
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

function post(url: URL, sending: Signed & StandardWebhookOptions): Promise<Answer> {
  const { body, headers, reach, timeoutMs = 15_000 } = sending
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal, agent: false, lookup: guardedLookup(reach) }
    const asked = request(url, options, (response: IncomingMessage) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
      // An endless body is nobody's business.
      response.destroy()
    })
    asked.on('error', error => reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error))
    asked.end(body)
  })
}

function outcomeOf({ status, retryAfter }: Answer, clock: Clock): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  if (status === 410) return { kind: 'gone', words: 'it answered 410: it is gone' }
  return { kind: 'failed', words: `it answered ${status}`, retryAfter: pauseOf(retryAfter, clock) }
}

/** Seconds or a date, as RFC 9110 §10.2.3 has it; a day at most, so that no subscriber is waited for for ever. */
function pauseOf(header: string | undefined, clock: Clock): DurationMs | undefined {
  if (header === undefined) return undefined
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - clock.now()
  return Number.isFinite(wait) && wait > 0 ? durationMs(Math.min(wait, longestPause)) : undefined
}
