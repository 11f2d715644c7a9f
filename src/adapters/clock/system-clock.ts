import { setTimeout as wait } from 'node:timers/promises'
import { durationMs, epochMs } from '../../domain/units.ts'
import type { Clock } from '../../ports/clock.ts'

/** This machine's clock. */
export function createSystemClock(signal?: AbortSignal): Clock {
  return {
    now: () => epochMs(Date.now()),
    sleep: async duration => {
      await wait(durationMs(duration), undefined, signal === undefined ? {} : { signal })
    },
  }
}
