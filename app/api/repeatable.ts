import { createHash } from 'node:crypto'
import { canonicalJson } from '../../src/domain/canonical-json.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { IdempotentAnswers, RepeatableRequest } from '../../src/ports/idempotent-answers.ts'
import { invalidRequest } from './invalid-request.ts'

/** An answer with the JSON of its body. */
export interface WrittenAnswer {
  readonly status: number
  readonly body: string
}

/**
 * Reads the header `Idempotency-Key`.
 *
 * @throws {HttpRefusal} `request_invalid` unless it is 1 to 255 printable ASCII characters
 */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header === 'string' && /^[ -~]{1,255}$/.test(header)) return header
  const words = 'Expected 1 to 255 printable ASCII characters'
  throw invalidRequest([{ where: 'header.idempotency-key', words }])
}

/** What a request asks for; the same for a request that is sent again. */
export function fingerprint(request: Readonly<Record<'route' | 'params' | 'query' | 'body', unknown>>): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex')
}

/**
 * Answers a request once: sent again, it is given the answer of the first time. A refusal is not kept: nothing was done, and
 * what refused it may have changed.
 *
 * @throws {RingwayError} `idempotency_key_reused`, `request_in_progress`
 */
export async function answerOnce(
  answers: IdempotentAnswers,
  request: RepeatableRequest,
  answer: () => Promise<WrittenAnswer>,
): Promise<WrittenAnswer> {
  const standing = await answers.begin(request)
  switch (standing.kind) {
    case 'answered':
      return standing.answer
    case 'other':
      throw keyReused()
    case 'underway':
      throw underway()
    case 'first':
      break
  }
  let written: WrittenAnswer | undefined
  try {
    written = await answer()
    return written
  } finally {
    await answers.conclude(request, written)
  }
}

function keyReused(): RingwayError {
  return new RingwayError({
    code: 'idempotency_key_reused',
    message: 'The Idempotency-Key was sent with another request in the last 24 hours.',
    remedy: 'Make a new key for each request, and use it again only to send the same request again.',
  })
}

function underway(): RingwayError {
  return new RingwayError({
    code: 'request_in_progress',
    message: 'A request with this Idempotency-Key is being answered right now.',
    remedy: 'Send it again in a few seconds.',
  })
}
