import { type ErrorDetails, RingwayError } from '../../domain/ringway-error.ts'
import { AppFailure } from './app-failure.ts'
import { problemMessage } from './run-messages.ts'

/**
 * What an answer of the App says.
 *
 * @returns the decoded JSON of a success
 * @throws {RingwayError} the App's refusal, in its own words
 * @throws {AppFailure} when the answer is none
 */
export function readAppAnswer(answer: {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}): unknown {
  const { status, text } = answer
  const json = parse(text)
  if (status >= 200 && status < 300) {
    if (json !== undefined) return json
    throw new AppFailure('what answers there is no Ringway App, for it answers no JSON', false)
  }
  const problem = problemMessage.safeParse(json)
  const mayPass = status >= 500 || status === 429 || status === 408
  if (!problem.success) {
    const words = mayPass ? `it answered ${status}` : `what answers there is no Ringway App: it answered ${status}`
    throw new AppFailure(words, mayPass, secondsAsMs(answer.retryAfter))
  }
  const { detail, code, remedy } = problem.data
  // The same message is being taken in: its first copy was cut off here and not there.
  if (mayPass || code === 'request_in_progress') {
    throw new AppFailure(`it answered ${status}, ${detail}`, true, secondsAsMs(answer.retryAfter))
  }
  const details: ErrorDetails = { code, message: detail, remedy, facts: { status } }
  throw new RingwayError(details)
}

/** An HTTP date is passed over: clocks of two machines differ. */
function secondsAsMs(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
