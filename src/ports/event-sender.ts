import type { DurationMs, EpochMs } from '../domain/units.ts'

/** Something that happened, on its way to a subscriber. */
export interface EventMessage {
  readonly url: string
  /** Signs it: `whsec_` and base64. */
  readonly secret: string
  /** The same for every attempt, so that the subscriber knows what it had already. */
  readonly id: string
  readonly type: string
  /** When it happened. */
  readonly at: EpochMs
  readonly data: Readonly<Record<string, unknown>>
}

/** How an attempt to tell a subscriber ended. */
export type SendOutcome =
  | { readonly kind: 'delivered' }
  /** It wants nothing any more. */
  | { readonly kind: 'gone'; readonly words: string }
  /** It did not take it. `retryAfter`: when it asks to be left alone for so long. */
  | { readonly kind: 'failed'; readonly words: string; readonly retryAfter?: DurationMs | undefined }

/** Tells subscribers what happened. */
export interface EventSender {
  /** Makes one attempt. Whatever the subscriber does is an outcome; nothing is thrown. */
  send(message: EventMessage): Promise<SendOutcome>
}
