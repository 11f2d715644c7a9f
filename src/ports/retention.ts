import type { DurationMs } from '../domain/units.ts'

/** What is kept for how long. */
export interface RetentionTimes {
  /** Deliveries whose handling has ended. */
  readonly deliveries: DurationMs
  /** Effects that were done and are about nothing that is still open. */
  readonly effects: DurationMs
  /** Commands, by which one that comes again is known. */
  readonly commands: DurationMs
  /** Events that are about no deployment which still is in a ring. */
  readonly events: DurationMs
  /** That something was noticed. */
  readonly notices: DurationMs
}

/** How much was removed, by what it was. */
export type Removed = Readonly<Record<'deliveries' | 'effects' | 'commands' | 'events' | 'notices' | 'keys', number>>

/** Removes what is older than it is kept. The audit log, promotions, deployments and artifacts are not its business. */
export interface Retention {
  remove(times: RetentionTimes): Promise<Removed>
}
