/** Starts works, a few at once. */
export interface Few {
  /** Starts no work any more once something has stopped everything. */
  start<T>(work: () => Promise<T>): Promise<T>
}

/**
 * @param most - how many run at once
 * @param stop - aborted by the first work that fails; one of them may stop the works of several groups
 */
export function fewAtOnce(most: number, stop: AbortController): Few {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    async start(work) {
      // Who is woken has the place of the one that left: nobody can come between.
      if (running >= most) await new Promise<void>(resolve => waiting.push(resolve))
      else running += 1
      try {
        stop.signal.throwIfAborted()
        return await work()
      } catch (reason) {
        stop.abort(reason)
        throw reason
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}

/**
 * Waits until all have ended and gives their results in order; only then is a failure told, so that nobody works on in a place that is
 * being taken away.
 */
export async function allEnded<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  const ended = await Promise.allSettled(works)
  return ended.map(one => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

/** Bytes that end with an error as soon as everything is stopped. */
export async function* untilStopped(
  stop: AbortSignal,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of bytes) {
    stop.throwIfAborted()
    yield chunk
  }
}
