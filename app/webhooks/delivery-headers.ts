import type { IncomingHttpHeaders } from 'node:http'
import { HttpRefusal } from '../http/http-refusal.ts'

/** What the headers of a delivery say, checked. Source: https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers */
export interface DeliveryHeaders {
  readonly guid: string
  readonly hookId: number
  readonly event: string
  /** `sha256=` and 64 lower-case hexadecimal digits. */
  readonly signature: string
}

/**
 * Reads the headers before the body is read, so that whoever cannot sign is sent away without a buffer having been filled for them.
 *
 * @throws {HttpRefusal} 401 when the delivery is unsigned or meant for another App, 415 when its body is compressed, 400 otherwise
 */
export function readDeliveryHeaders(headers: IncomingHttpHeaders, appId: number): DeliveryHeaders {
  // GitHub compresses nothing; a small compressed body may be a huge one.
  if (headers['content-encoding'] !== undefined) throw compressed()
  const signature = headers['x-hub-signature-256']
  if (typeof signature !== 'string') throw unsigned('There is no X-Hub-Signature-256.')
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) throw unsigned('X-Hub-Signature-256 is not sha256= and 64 hex digits.')
  const guid = wellFormed(headers, 'x-github-delivery', guidGrammar)
  const event = wellFormed(headers, 'x-github-event', /^[a-z][a-z0-9_]{0,63}$/)
  const hookId = wellFormed(headers, 'x-github-hook-id', /^[1-9][0-9]{0,14}$/)
  const target = wellFormed(headers, 'x-github-hook-installation-target-id', /^[1-9][0-9]{0,14}$/)
  if (Number(target) !== appId) throw unsigned(`The delivery is for the App ${target}; this is the App ${appId}.`)
  return { guid, hookId: Number(hookId), event, signature }
}

const guidGrammar = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function wellFormed(headers: IncomingHttpHeaders, name: string, grammar: RegExp): string {
  const value = headers[name]
  if (typeof value === 'string' && grammar.test(value)) return value
  throw new HttpRefusal({
    status: 400,
    code: 'request_invalid',
    message: `The header ${name} is ${value === undefined ? 'missing' : 'not what GitHub sends'}.`,
    remedy: 'Only GitHub sends deliveries here; a proxy between may have changed the header.',
  })
}

function compressed(): HttpRefusal {
  return new HttpRefusal({
    status: 415,
    code: 'request_invalid',
    message: 'A delivery comes without Content-Encoding.',
    remedy: 'Send the JSON as it is.',
  })
}

/** 401: nothing is stored of what may come from anyone. */
export function unsigned(message: string): HttpRefusal {
  return new HttpRefusal({
    status: 401,
    code: 'unauthenticated',
    message,
    remedy: "Compare APP_ID and WEBHOOK_SECRET with the App's page on GitHub.",
  })
}
