import { setTimeout as sleep } from 'node:timers/promises'
import { RegistryFailure } from './registry-failure.ts'

/** How long a registry is borne with. */
export interface Patience {
  /** How often one thing is asked at most, the first time included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly firstPauseMs: number
  /** Milliseconds. A registry that asks for a longer pause has said no. */
  readonly longestPauseMs: number
  /** Milliseconds without progress after which a connection counts as dead. */
  readonly silenceMs: number
}

/** Bears a registry's restart: the pauses make 16 to 32 seconds. */
export const usualPatience: Patience = { attempts: 8, firstPauseMs: 250, longestPauseMs: 30_000, silenceMs: 60_000 }

/** Counts what went wrong with one thing that is asked for. */
export interface Retries {
  /** Waits until the next attempt, or throws the failure on when it was the last. */
  wait(failure: unknown): Promise<void>
  /** There was progress: what went wrong before counts no more. */
  forget(): void
}

/** @param patience - for one thing that is asked for, however often */
export function createRetries(patience: Patience): Retries {
  let failed = 0
  let failedOnce = 0
  return {
    async wait(failure) {
      if (!(failure instanceof RegistryFailure) || failure.retry === 'never') throw failure
      failed += 1
      if (failure.retry === 'once') failedOnce += 1
      if (failed >= patience.attempts || failedOnce > 1) throw failure
      if ((failure.afterMs ?? 0) > patience.longestPauseMs) throw failure
      const doubled = Math.min(patience.firstPauseMs * 2 ** (failed - 1), patience.longestPauseMs)
      // Half of it at random, so that many jobs that were cut at once do not come back at once.
      await sleep(failure.afterMs ?? doubled * (0.5 + Math.random() / 2))
    },
    forget() {
      failed = 0
      failedOnce = 0
    },
  }
}

/**
 * Does something until it succeeds or its failure says that asking again is useless.
 *
 * @param attempt - gets how often it was tried before
 */
export async function withPatience<T>(patience: Patience, attempt: (triedBefore: number) => Promise<T>): Promise<T> {
  const retries = createRetries(patience)
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt(tried)
    } catch (failure) {
      await retries.wait(failure)
    }
  }
}
