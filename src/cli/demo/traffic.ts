import { setTimeout as pause } from 'node:timers/promises'

/** What a client saw while everything else happened. */
export interface TrafficCount {
  readonly total: number
  readonly failed: number
  /** What was wrong with the first failed one. */
  readonly firstFailure: string | undefined
  /** Each version that answered, in the order in which it first did. */
  readonly versions: readonly string[]
}

/** A client that calls a URL all the time, until it is stopped. */
export interface Traffic {
  stop(): Promise<TrafficCount>
}

const pauseMs = 10

/** Starts calling. Every answer but 200 is a failed request, and so is none. */
export function startTraffic(url: string): Traffic {
  let running = true
  let total = 0
  let failed = 0
  let firstFailure: string | undefined
  const versions: string[] = []
  const fail = (words: string): void => {
    failed += 1
    firstFailure ??= words
  }
  const call = async (): Promise<void> => {
    total += 1
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
      const body = await response.text()
      if (response.status !== 200) return fail(`answered ${response.status}: ${body.slice(0, 200)}`)
      const version = /"version":\s*"([^"]+)"/.exec(body)?.[1]
      if (version !== undefined && versions.at(-1) !== version) versions.push(version)
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ''
      fail(`${error instanceof Error ? error.message : String(error)}${cause}`)
    }
  }
  const loop = (async () => {
    while (running) {
      await call()
      await pause(pauseMs)
    }
  })()
  return {
    async stop() {
      running = false
      await loop
      return { total, failed, firstFailure, versions }
    },
  }
}
