/** A place in a text. Both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Turns offsets of a text into lines and columns. Counted here, because the parser's own line counter misses lines behind some syntax
 * errors. What lies outside of the text is its nearest end.
 */
export function placesIn(text: string): (offset: number) => Place {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return offset => {
    const at = Math.max(0, Math.min(offset, text.length))
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
}
