/** Ends a build at one of its effects, as a killed process would: nothing of it happens afterwards. */
export interface Crash {
  /** Wraps a function that changes something outside. */
  effect<A extends readonly unknown[], R>(work: (...given: A) => Promise<R>): (...given: A) => Promise<R>
  /** How many effects were begun. */
  begun(): number
}

/** What a crashed build ends with. */
export class CrashedError extends Error {
  override readonly name = 'CrashedError'
}

/**
 * @param at.effect - counted from 1; none when there are fewer
 * @param at.when - whether the effect still took place
 */
export function createCrash(at: { readonly effect: number; readonly when: 'before' | 'after' }): Crash {
  let begun = 0
  let isOver = false
  return {
    begun: () => begun,
    effect:
      work =>
      async (...given) => {
        if (isOver) throw new CrashedError('The process has ended.')
        begun += 1
        if (begun !== at.effect) return await work(...given)
        isOver = true
        if (at.when === 'after') await work(...given)
        throw new CrashedError(`The process ended ${at.when} effect ${at.effect}.`)
      },
  }
}
