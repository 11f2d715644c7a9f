/** A request that may be sent again. */
export interface RepeatableRequest {
  /** Who sends it: keys of different senders are different keys. */
  readonly sender: string
  /** What the sender calls it: the `Idempotency-Key`. */
  readonly key: string
  /** Lower-case hexadecimal SHA-256 of everything that it asks for. */
  readonly sha256: string
}

/** An answer that is given again. */
export interface KeptAnswer {
  readonly status: number
  /** JSON. */
  readonly body: string
}

/**
 * What is known of a request. `first`: it was not seen, and is now being answered; `answered`: it was, like this; `other`: another request came
 * with its key; `underway`: it is being answered right now.
 */
export type RequestStanding =
  | { readonly kind: 'first' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'other' }
  | { readonly kind: 'underway' }

/** Remembers answers for a day, so that a request that is sent twice is done once. */
export interface IdempotentAnswers {
  /** A request whose answering was never concluded, because its replica died, counts as first again after two minutes. */
  begin(request: RepeatableRequest): Promise<RequestStanding>

  /** @param answer - undefined: it came to nothing and may be tried again */
  conclude(request: RepeatableRequest, answer: KeptAnswer | undefined): Promise<void>
}
