/** A number of runners: each runs one job at a time; who came first is served first. */
export interface RunnerSlots {
  /** Waits for a free runner and gives its name; undefined when `signal` aborts first. */
  take(signal: AbortSignal): Promise<string | undefined>
  giveBack(runner: string): void
}

export function createRunnerSlots(count: number): RunnerSlots {
  const free = Array.from({ length: count }, (_, index) => `sandbox-${index + 1}`)
  const waiting: ((runner: string) => void)[] = []
  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve(undefined)
      const runner = free.shift()
      if (runner !== undefined) return Promise.resolve(runner)
      return new Promise(resolve => {
        const leave = () => {
          waiting.splice(waiting.indexOf(arrive), 1)
          resolve(undefined)
        }
        const arrive = (name: string) => {
          signal.removeEventListener('abort', leave)
          resolve(name)
        }
        waiting.push(arrive)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
    giveBack(runner) {
      const next = waiting.shift()
      if (next === undefined) free.push(runner)
      else next(runner)
    },
  }
}
