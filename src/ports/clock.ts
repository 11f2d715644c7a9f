import type { DurationMs, EpochMs } from '../domain/units.ts'

/** The time, and waiting for it. */
export interface Clock {
  now(): EpochMs
  /** Rejects with the signal's reason when it is aborted. */
  sleep(duration: DurationMs): Promise<void>
}
