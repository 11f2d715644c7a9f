import type { EpochMs } from '../domain/units.ts'

/** One attempt of GitHub to deliver a webhook to us. */
export interface HookDelivery {
  /** Of the attempt. */
  readonly id: number
  /** Of the event: the same for each attempt. */
  readonly guid: string
  readonly deliveredAt: EpochMs
  readonly event: string
  readonly action: string | undefined
  /** The installation's id. */
  readonly tenant: number | undefined
  readonly repository: number | undefined
  /** Whether we answered 2xx. */
  readonly succeeded: boolean
  readonly isRedelivery: boolean
}

/** What GitHub tried to deliver. It keeps deliveries for three days. */
export interface HookDeliveries {
  /** Newest first, down to an instant, read from GitHub as far as the caller iterates. */
  since(instant: EpochMs): AsyncIterable<HookDelivery>

  /** Has it delivered again, under its GUID. `too_old`: GitHub has it no longer. */
  redeliver(id: number): Promise<'accepted' | 'too_old'>
}
