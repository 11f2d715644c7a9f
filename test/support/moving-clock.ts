import { type Clock, machineClock } from '../../src/sandbox/clock.ts'

/** The machine's clock, and a hand that moves it on. */
export interface MovingClock extends Clock {
  /** @param ms - milliseconds */
  forward(ms: number): void
}

export function movingClock(): MovingClock {
  let ahead = 0
  return {
    now: () => new Date(machineClock.now().getTime() + ahead),
    sleep: (...wait) => machineClock.sleep(...wait),
    forward: ms => {
      ahead += ms
    },
  }
}
