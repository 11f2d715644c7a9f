/** What reading a short text gave: its value, or what is wrong with it. */
export type Notation<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** Goes on from the name of the key. */
      readonly message: string
      /** What to write instead, where that can be guessed. */
      readonly instead?: readonly string[]
    }
