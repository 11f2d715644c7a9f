/** Things that are written together while one write is under way. */
export interface Groups<T, Answer> {
  /** @returns its own answer, once the write of its group has ended */
  add(item: T): Promise<Answer>
}

/** How groups are made and written. */
export interface GroupOptions<T, Answer> {
  readonly most: { readonly items: number; readonly bytes: number }
  /** Bytes. */
  readonly sizeOf: (item: T) => number
  /** All of them or none; the answers in the order of the items. */
  readonly write: (items: readonly T[]) => Promise<readonly Answer[]>
  /** Whether an error may be the fault of one item: then each is tried by itself, so that the others are written. */
  readonly mayBeOnesFault: (error: unknown) => boolean
}

interface Waiting<T, Answer> {
  readonly item: T
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: one write at a time, and whatever arrives meanwhile goes into the next. Alone, a thing is written at once; under load a write costs
 * each of a hundred a hundredth.
 */
export function createGroups<T, Answer>({
  most,
  sizeOf,
  write,
  mayBeOnesFault,
}: GroupOptions<T, Answer>): Groups<T, Answer> {
  const waiting: Waiting<T, Answer>[] = []
  let writing = false

  const nextGroup = (): Waiting<T, Answer>[] => {
    let bytes = 0
    const tooMany = waiting.findIndex(({ item }, index) => {
      bytes += sizeOf(item)
      return index === most.items || (index > 0 && bytes > most.bytes)
    })
    return waiting.splice(0, tooMany === -1 ? waiting.length : tooMany)
  }

  const settle = async (group: readonly Waiting<T, Answer>[]): Promise<void> => {
    try {
      const answers = await write(group.map(({ item }) => item))
      for (const [index, answer] of answers.entries()) group[index]?.resolve(answer)
    } catch (error) {
      if (group.length > 1 && mayBeOnesFault(error)) for (const one of group) await settle([one])
      else for (const { reject } of group) reject(error)
    }
  }

  const writeAll = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) await settle(nextGroup())
    writing = false
  }

  return {
    add: item =>
      new Promise<Answer>((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        if (!writing) void writeAll()
      }),
  }
}
