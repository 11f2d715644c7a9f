import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Sha256Digest } from '../../domain/units.ts'
import { type Answer, createAnswer } from './registry-answer.ts'
import { connectionFailure, RegistryFailure, silenceFailure } from './registry-failure.ts'
import { createWatchdog, type Watchdog } from './registry-watchdog.ts'
import { sourceMismatch } from './store-errors.ts'

/** Exactly so many bytes that are sent. */
export interface OutgoingBytes {
  /** Bytes. */
  readonly size: number
  open(): AsyncIterable<Uint8Array>
  /** What they are part of, to be named when there are more or fewer of them. */
  readonly digest: Sha256Digest
}

/** One HTTP request. */
export interface Exchange {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: OutgoingBytes | undefined
  readonly silenceMs: number
  /** Looks names up and refuses the addresses that may not be reached. */
  readonly lookup?: LookupFunction | undefined
}

// Not fetch: fed by a generator it takes three times the processor time for an upload, and it has no hook for the name lookup, without
// which a redirect could be checked for one address and sent to another.
const agents = {
  http: new http.Agent({ keepAlive: true, maxSockets: 16 }),
  https: new https.Agent({ keepAlive: true, maxSockets: 16, proxyEnv: process.env }),
}

/**
 * Sends one request and gives back its answer as soon as the headers are there, even when the body is not sent whole by then: that is how
 * a registry refuses an upload.
 *
 * @throws {RegistryFailure} when the connection fails or is silent for too long
 */
export async function exchange(request: Exchange): Promise<Answer> {
  const { url, method, silenceMs } = request
  const where = `${method} ${url.host}${url.pathname}`
  const sending = start(request)
  const watchdog = createWatchdog(silenceMs, () => sending.destroy(silenceFailure(where, silenceMs)))
  let isAnswered = false
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', incoming => {
      isAnswered = true
      resolve(incoming)
    })
    sending.on('error', error => reject(error instanceof RegistryFailure ? error : connectionFailure(where, error)))
  })
  answered.catch(() => undefined)
  try {
    const sent = sendBody(sending, { body: request.body, watchdog, isAnswered: () => isAnswered })
    sent.catch(() => undefined)
    const incoming = await Promise.race([answered, sent.then(() => answered)])
    return createAnswer({ incoming, sending, where, silenceMs })
  } catch (error) {
    sending.destroy()
    throw error
  } finally {
    watchdog.pause()
  }
}

function start(request: Exchange): ClientRequest {
  const { url, method, body, lookup } = request
  const isSecure = url.protocol === 'https:'
  return (isSecure ? https : http).request(url, {
    method,
    agent: isSecure ? agents.https : agents.http,
    headers: { ...request.headers, ...(body === undefined ? {} : { 'content-length': body.size }) },
    ...(lookup === undefined ? {} : { lookup }),
  })
}

/** Only the waits for the other side are watched: a source may take its time. */
async function sendBody(
  sending: ClientRequest,
  how: { readonly body: OutgoingBytes | undefined; readonly watchdog: Watchdog; readonly isAnswered: () => boolean },
): Promise<void> {
  const { body, watchdog } = how
  let sent = 0
  if (body !== undefined) {
    for await (const chunk of body.open()) {
      sent += chunk.byteLength
      if (sent > body.size) throw wrongSize(sending, body, `more than ${body.size} bytes`)
      if (!sending.write(chunk)) {
        watchdog.watch()
        await drained(sending)
        watchdog.pause()
        watchdog.refill()
      }
      if (sending.destroyed || how.isAnswered()) return
    }
    if (sent < body.size) throw wrongSize(sending, body, `${sent} of ${body.size} bytes`)
  }
  sending.end()
  if (!how.isAnswered()) watchdog.watch()
}

function drained(sending: ClientRequest): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      sending.off('drain', done).off('close', done).off('response', done)
      resolve()
    }
    sending.on('drain', done).on('close', done).on('response', done)
  })
}

function wrongSize(sending: ClientRequest, body: OutgoingBytes, came: string): Error {
  return sourceMismatch({ location: `the registry ${sending.host}`, expected: body.digest, came })
}
