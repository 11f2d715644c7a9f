/** Where something stands in a file. Both from 1. */
interface TextPlace {
  readonly line: number
  readonly column: number
}

/** Where the values of a file stand, by their key: `solutions.support.components.triage.start`. */
export type TextPlaces = Readonly<Record<string, TextPlace>>
