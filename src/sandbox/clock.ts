import { setTimeout as delay } from 'node:timers/promises'

/** The sandbox's time: everything it dates, expires or waits for asks this clock. */
export interface Clock {
  now(): Date
  /** Resolves after `ms` milliseconds; rejects with an AbortError when `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. */
export const machineClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
}
