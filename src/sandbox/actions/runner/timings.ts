/** How long the runner waits for things, in milliseconds. Rehearsals and tests shorten them. */
export interface RunnerTimings {
  /** From SIGINT to SIGTERM when a step is cancelled. */
  readonly interruptMs: number
  /** From SIGTERM to SIGKILL. */
  readonly terminateMs: number
  /** How long the output of a step that ended may stay open in a process it left behind. */
  readonly streamsMs: number
  /** One minute of `timeout-minutes` and of wait timers. */
  readonly minuteMs: number
}

/** What GitHub's runner does. */
export const RUNNER_TIMINGS: RunnerTimings = {
  interruptMs: 7_500,
  terminateMs: 2_500,
  streamsMs: 5_000,
  minuteMs: 60_000,
}
