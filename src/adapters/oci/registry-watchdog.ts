/** A limit on the time that one spends waiting for somebody else; one's own work does not count. */
export interface Watchdog {
  /** Counts the time from now until {@link Watchdog.pause}. */
  watch(): void
  pause(): void
  /** Gives the whole time again: there was progress. */
  refill(): void
}

/** @param bark - called once the time has been waited */
export function createWatchdog(limitMs: number, bark: () => void): Watchdog {
  let left = limitMs
  let since = 0
  let timer: NodeJS.Timeout | undefined
  const pause = (): void => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    left -= performance.now() - since
  }
  return {
    watch() {
      pause()
      since = performance.now()
      timer = setTimeout(bark, Math.max(left, 1))
    },
    pause,
    refill() {
      left = limitMs
    },
  }
}
