import { RingwayError } from '../../domain/ringway-error.ts'
import { type DurationMs, durationMs } from '../../domain/units.ts'
import type { AppAddress } from './app-address.ts'
import { AppFailure } from './app-failure.ts'
import { readAppAnswer } from './read-app-answer.ts'

/** The part of `fetch` that is used here. */
export type Send = (
  url: string,
  request: {
    readonly method: string
    readonly headers: Record<string, string>
    readonly body?: string
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<AppResponse>

/** The part of a response that is used here. */
export interface AppResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** How the App is asked. */
export interface AppConnection {
  readonly address: AppAddress
  readonly send: Send
  /**
   * A fresh identity token: the App takes each once.
   *
   * @throws {RingwayError} kind `errored` when asking again may help
   */
  readonly identityToken: (audience: string) => Promise<string>
  readonly sleep: (duration: DurationMs) => Promise<void>
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal
  /** Of one attempt. @default 20 seconds */
  readonly answerWithin?: DurationMs
}

/** Pauses between attempts: about a minute together, the time in which an App restarts. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000].map(durationMs)
/** A longer one is not waited for. */
const longestPause = 30_000

/**
 * Asks the App until it answers, for about a minute at most. Every attempt has a token of its own.
 *
 * @param message - `key`: tells a message that is sent again from one that says the same anew
 * @returns the decoded JSON
 * @throws {RingwayError} `app_unreachable`, `unauthenticated`, or the App's own refusal
 */
export async function askApp(
  connection: AppConnection,
  message: { readonly route: string; readonly body?: unknown; readonly key?: string },
): Promise<unknown> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await askOnce(connection, message)
    } catch (error) {
      if (connection.signal.aborted) throw connection.signal.reason
      if (!(error instanceof AppFailure)) throw error
      const pause = pauses[attempt]
      if (pause === undefined || !error.mayPass || (error.retryAfterMs ?? 0) > longestPause) {
        throw unreachable(message.route, error)
      }
      // Half of it at random, so that the runs that an App's restart cut off do not come back all at once.
      await connection.sleep(durationMs(error.retryAfterMs ?? pause * (0.5 + Math.random() / 2)))
    }
  }
}

async function askOnce(
  { address, send, identityToken, signal, answerWithin = durationMs(20_000) }: AppConnection,
  { route, body, key }: { readonly route: string; readonly body?: unknown; readonly key?: string },
): Promise<unknown> {
  const token = await identityToken(address.audience).catch((error: unknown) => {
    throw error instanceof RingwayError && error.kind === 'errored' ? new AppFailure(error.message, true) : error
  })
  const [method = 'GET', path = ''] = route.split(' ')
  const limit = AbortSignal.timeout(answerWithin)
  let response: AppResponse
  let text: string
  try {
    response = await send(address.base + path, {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'ringway-action',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    })
    text = await response.text()
  } catch (error) {
    throw new AppFailure(limit.aborted ? `it did not answer within ${answerWithin / 1_000} s` : rootOf(error), true)
  }
  return readAppAnswer({ status: response.status, retryAfter: response.headers.get('retry-after'), text })
}

/** What fetch says is "fetch failed"; why stands in its cause. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return rootOf(error.cause)
  const code = Reflect.get(error, 'code')
  return error.message === '' && typeof code === 'string' ? code : error.message
}

function unreachable(route: string, failure: AppFailure): RingwayError {
  return new RingwayError({
    code: 'app_unreachable',
    kind: 'errored',
    message: `The App could not be asked (${route}): ${failure.message}.`,
    remedy: 'Check that the App runs and that `app-url` leads to it, then re-run the job.',
    cause: failure,
  })
}
