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

/**
 * Does something until it succeeds or its failure says that asking again is useless.
 *
 * @param attempt - gets how often it was tried before
 */
export async function withPatience<T>(patience: Patience, attempt: (triedBefore: number) => Promise<T>): Promise<T> {
  for (let tried = 0; ; ) {
    try {
      return await attempt(tried)
    } catch (failure) {
      tried += 1
      await pauseBeforeRetry(patience, { failure, tried })
    }
  }
}

/** Waits, or throws the failure on when it was the last. */
export async function pauseBeforeRetry(
  patience: Patience,
  end: { readonly failure: unknown; readonly tried: number },
): Promise<void> {
  const { failure, tried } = end
  if (!(failure instanceof RegistryFailure) || tried >= Math.min(failure.tries, patience.attempts)) throw failure
  if ((failure.afterMs ?? 0) > patience.longestPauseMs) throw failure
  const doubled = Math.min(patience.firstPauseMs * 2 ** (tried - 1), patience.longestPauseMs)
  // Half of it at random, so that many jobs that were cut at once do not come back at once.
  await sleep(failure.afterMs ?? doubled * (0.5 + Math.random() / 2))
}
