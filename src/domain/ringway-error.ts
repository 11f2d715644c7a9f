import type { ReasonCode } from './reason-code.ts'

/** What an error is about, for programs. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** Everything a deliberate error says. */
export interface ErrorDetails {
  readonly code: ReasonCode
  /** What was expected and what came, as one sentence. */
  readonly message: string
  /** What the person should do now, as one sentence in the imperative. */
  readonly remedy: string
  readonly facts?: ErrorFacts
  readonly cause?: unknown
  /**
   * `failed`: the answer is no. `errored`: we could not ask, and asking again may help.
   * @default 'failed'
   */
  readonly kind?: 'failed' | 'errored'
}

/**
 * A refusal or a failure that Ringway foresees. A wrong call by a programmer is a TypeError or a RangeError instead;
 * a gate that says wait is a verdict and no error at all.
 *
 * @example
 * throw new RingwayError({
 *   code: 'digest_mismatch',
 *   message: `The store gave ${got} for ${wanted}.`,
 *   remedy: 'Do not use this store until you know who changed it.',
 * })
 */
export class RingwayError extends Error {
  override readonly name = 'RingwayError'
  readonly code: ReasonCode
  readonly remedy: string
  readonly facts: ErrorFacts
  readonly kind: 'failed' | 'errored'

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.remedy = details.remedy
    this.facts = details.facts ?? {}
    this.kind = details.kind ?? 'failed'
  }
}
