import type { EpochMs } from '../domain/units.ts'

/** A webhook delivery whose signature was verified. */
export interface NewDelivery {
  /** `X-GitHub-Delivery`: the same for every attempt to deliver the same event. */
  readonly guid: string
  /** `X-GitHub-Hook-ID`. */
  readonly hookId: number
  /** `X-GitHub-Event`. */
  readonly event: string
  readonly action: string | undefined
  /** The id of the installation that the body names; absent for what belongs to the App as a whole, such as `ping`. */
  readonly tenant: number | undefined
  readonly repository: number | undefined
  /** The exact bytes that were signed. */
  readonly body: Uint8Array
  /** Lower-case hexadecimal SHA-256 of {@link NewDelivery.body}. */
  readonly bodySha256: string
}

/** A delivery as it is kept. */
export interface StoredDelivery extends NewDelivery {
  /** By the clock of the store. */
  readonly receivedAt: EpochMs
  /** Rises with each delivery in the order in which they were stored. */
  readonly seq: number
}

/** How the handling of a delivery ended; exactly one for each. */
export type DeliveryOutcome = 'handled' | 'ignored' | 'failed'

/**
 * Where verified deliveries are kept before they are acknowledged.
 *
 * `stored`: it is on disk, and as long as it has no outcome it is work to be done. `known`: the same delivery is there already. `conflict`: another
 * body came under the same GUID; nothing was stored.
 */
export interface Inbox {
  accept(delivery: NewDelivery): Promise<'stored' | 'known' | 'conflict'>

  read(guid: string): Promise<StoredDelivery | undefined>

  /** Writes how handling ended, once: a second outcome changes nothing. `words`: why, for people. */
  conclude(guid: string, outcome: DeliveryOutcome, words: string): Promise<void>
}

/**
 * Stored deliveries without an outcome, as those who handle them see them. A handler that throws is given its delivery again later, with growing
 * pauses; one that neither throws nor concludes it gets it again in ten seconds.
 */
export interface DeliveryWork {
  /** Starts handling. `concurrency`: how many at once in this replica. */
  handle(options: { readonly concurrency: number }, handler: (guid: string) => Promise<void>): void

  /** Takes no further ones and waits for those that have begun. */
  stop(): Promise<void>
}
