import fc from 'fast-check'

/**
 * Looks for a counterexample as long as there is time: 15 seconds, or as many minutes as `RINGWAY_SOAK` says. Each try has a seed of its own, which a
 * failure names; `RINGWAY_SEED` gives it back, and then it is made as short as it gets.
 */
export async function sought<T>(property: fc.IAsyncPropertyWithHooks<T>): Promise<void> {
  const { RINGWAY_SEED: given, RINGWAY_SOAK: minutes } = process.env
  if (given !== undefined) return await fc.assert(property, { seed: Number(given), numRuns: 1 })
  const end = performance.now() + (minutes === undefined ? 15_000 : Number(minutes) * 60_000)
  do {
    const seed = Math.floor(Math.random() * 2 ** 31)
    try {
      await fc.assert(property, { seed, numRuns: 1, endOnFailure: true })
    } catch (error) {
      throw new Error(`again with RINGWAY_SEED=${seed}`, { cause: error })
    }
  } while (performance.now() < end)
}
