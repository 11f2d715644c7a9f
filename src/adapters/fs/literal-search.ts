/** Finds the next of several literals; -1 when there is none. */
export type LiteralSearch = (bytes: Uint8Array, from: number) => number

/**
 * Searches for many literals of four ASCII characters at once. It looks at two bytes and knows from them how far the next match is away at
 * least, so that it sees a third of the bytes only: several times faster than one expression of all of them, or than one search for each.
 *
 * Source: S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", TR-94-17, University of Arizona (1994).
 *
 * @throws {RangeError} when a literal is not four ASCII characters long
 */
export function createLiteralSearch(literals: readonly string[]): LiteralSearch {
  const distance = new Uint8Array(65_536).fill(3)
  const wanted = new Set<number>()
  for (const literal of literals) {
    if (!/^[\x20-\x7e]{4}$/.test(literal)) throw new RangeError(`A literal is four ASCII characters, not "${literal}".`)
    const [first = 0, second = 0, third = 0, fourth = 0] = Array.from(literal, character => character.charCodeAt(0))
    distance[(first << 8) | second] = Math.min(distance[(first << 8) | second] ?? 3, 2)
    distance[(second << 8) | third] = Math.min(distance[(second << 8) | third] ?? 3, 1)
    distance[(third << 8) | fourth] = 0
    wanted.add((first << 24) | (second << 16) | (third << 8) | fourth)
  }
  const stepAt = (bytes: Uint8Array, end: number): number =>
    distance[((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0)] ?? 3
  const isWanted = (bytes: Uint8Array, end: number): boolean =>
    wanted.has(
      ((bytes[end - 3] ?? 0) << 24) | ((bytes[end - 2] ?? 0) << 16) | ((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0),
    )
  /** The first literal whose last byte is at `end` or after it and before `limit`. */
  const searchOn = (bytes: Uint8Array, end: number, limit: number): number => {
    for (let at = end; at < limit; ) {
      const step = stepAt(bytes, at)
      if (step === 0 && isWanted(bytes, at)) return at - 3
      at += step === 0 ? 1 : step
    }
    return -1
  }
  return (bytes, from) => {
    const { length } = bytes
    let low = from + 3
    const middle = Math.max(low, (from + length) >> 1)
    let high = middle
    // Where one looks next depends on what one has just seen, and waiting for that is most of the time: with a second place to look at
    // meanwhile it takes half as long.
    while (low < middle && high < length) {
      const [lowStep, highStep] = [stepAt(bytes, low), stepAt(bytes, high)]
      if (lowStep === 0 && isWanted(bytes, low)) return low - 3
      if (highStep === 0 && isWanted(bytes, high)) break
      low += lowStep === 0 ? 1 : lowStep
      high += highStep === 0 ? 1 : highStep
    }
    const found = searchOn(bytes, low, middle)
    return found === -1 ? searchOn(bytes, high, length) : found
  }
}
