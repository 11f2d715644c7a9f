import type { ClientRequest, IncomingMessage } from 'node:http'
import { connectionFailure, RegistryFailure, silenceFailure } from './registry-failure.ts'
import { createWatchdog } from './registry-watchdog.ts'

/** The answer to one request. Its body must be read or discarded: until then its connection is lost to others. */
export interface Answer {
  readonly status: number
  /** The request for people: method, host and path. Never the query, which may hold a signature. */
  readonly where: string
  /** @param name - in lower case */
  header(name: string): string | undefined
  body(): AsyncGenerator<Uint8Array, void, undefined>
  /** @returns undefined when there are more than `limit` bytes */
  bytes(limit: number): Promise<Uint8Array | undefined>
  discard(): Promise<void>
}

/** Bytes. Less than this per silence is no progress, so that one byte a second does not hold a job for ever. */
const progressBytes = 16 * 1024

/** Bytes of an answer that nobody needs which are read to keep the connection; of a longer one the connection is given up. */
const discardLimit = 64 * 1024

/** Adapts Node's response. */
export function createAnswer(got: {
  readonly incoming: IncomingMessage
  readonly sending: ClientRequest
  readonly where: string
  readonly silenceMs: number
}): Answer {
  const { incoming, sending } = got
  const close = (): void => {
    // A refusal may come before the request was sent whole; such a connection is of no further use.
    if (!incoming.complete || !sending.writableFinished) sending.destroy()
  }
  const body = () => watchedBody(got, close)
  return {
    status: incoming.statusCode ?? 0,
    where: got.where,
    header: name => {
      const value = incoming.headers[name]
      return Array.isArray(value) ? value[0] : value
    },
    body,
    bytes: limit => collect(body(), limit),
    async discard() {
      let size = 0
      try {
        for await (const chunk of body()) {
          size += chunk.byteLength
          if (size > discardLimit) return
        }
      } catch {
        // Nobody needs this body, so nobody needs to know that it was cut.
      }
    },
  }
}

async function* watchedBody(
  got: { readonly incoming: IncomingMessage; readonly where: string; readonly silenceMs: number },
  close: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { incoming, where, silenceMs } = got
  const watchdog = createWatchdog(silenceMs, () => incoming.destroy(silenceFailure(where, silenceMs)))
  let progress = 0
  try {
    const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]()
    for (;;) {
      watchdog.watch()
      const next = await chunks.next()
      watchdog.pause()
      if (next.done === true) return
      progress += next.value.byteLength
      if (progress >= progressBytes) {
        progress = 0
        watchdog.refill()
      }
      yield next.value
    }
  } catch (error) {
    throw error instanceof RegistryFailure ? error : connectionFailure(where, error)
  } finally {
    watchdog.pause()
    close()
  }
}

async function collect(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
