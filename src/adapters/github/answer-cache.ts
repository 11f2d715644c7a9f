/** Answers that are asked for again and again. */
export interface AnswerCache<T> {
  /** What was answered under this key, or what `ask` answers now. An answer that fails is not kept. */
  get(key: string, ask: () => Promise<T>): Promise<T>
  /** Has it asked again. */
  forget(key: string): void
}

/**
 * Keeps answers for a while, and at most so many: keys may be made up by strangers.
 *
 * @param limits - `keptFor`: milliseconds; `monotonic`: milliseconds of a clock that never jumps
 */
export function createAnswerCache<T>(limits: {
  readonly keptFor: number
  readonly most: number
  readonly monotonic: () => number
}): AnswerCache<T> {
  // A Map is in the order in which its entries were added: the oldest stands first.
  const kept = new Map<string, { readonly answer: Promise<T>; readonly until: number }>()
  return {
    get(key, ask) {
      const known = kept.get(key)
      if (known !== undefined && known.until > limits.monotonic()) return known.answer
      kept.delete(key)
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size >= limits.most) kept.delete(oldest)
      const entry = { answer: ask(), until: limits.monotonic() + limits.keptFor }
      kept.set(key, entry)
      entry.answer.catch(() => {
        if (kept.get(key) === entry) kept.delete(key)
      })
      return entry.answer
    },
    forget: key => void kept.delete(key),
  }
}
