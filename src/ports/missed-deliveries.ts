import type { EpochMs } from '../domain/units.ts'
import type { HookDelivery } from './hook-deliveries.ts'

/** A delivery that GitHub lists and that is not in the inbox. */
export interface MissedDelivery {
  readonly guid: string
  /** GitHub's id of its last attempt that was seen. */
  readonly delivery: number
  readonly event: string
  /** Whether GitHub says that we answered 2xx: then the store lost it, as one does that was restored from a backup. */
  readonly acknowledged: boolean
  readonly deliveredAt: EpochMs
  /** How often it was asked for again. */
  readonly attempts: number
}

/** What is known of deliveries that did not arrive. */
export interface MissedDeliveries {
  /** Keeps those that are not in the inbox. @returns how many were not known to be missed */
  note(listed: readonly HookDelivery[]): Promise<number>

  /** Those that may be asked for now, oldest first, at most so many. What has arrived meanwhile is none any more. */
  due(limit: number): Promise<readonly MissedDelivery[]>

  /** Notes that it was asked for: the next time is after a pause that doubles, up to an hour. */
  asked(guid: string): Promise<void>

  /** It will not come any more. */
  giveUp(guid: string): Promise<void>
}
