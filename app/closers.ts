/** What was opened and must be closed again. */
export interface Closers {
  /** @returns what was opened */
  add<T>(opened: T, close: (opened: T) => Promise<void>): T
  /** Closes everything, the last first; one that fails keeps no other from being closed. Closing again does nothing. */
  close(): Promise<void>
}

/** An empty collection. */
export function createClosers(): Closers {
  const closings: (() => Promise<void>)[] = []
  return {
    add(opened, close) {
      closings.push(() => close(opened))
      return opened
    },
    async close() {
      const failures: unknown[] = []
      for (let closing = closings.pop(); closing !== undefined; closing = closings.pop()) {
        await closing().catch((error: unknown) => failures.push(error))
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
