import type { ValueType } from './value-types.ts'

/** One reason why a value that one schema takes may be refused by another. */
export interface Narrowing {
  /** Where in the value: names of properties, `*` for those without a name, `[]` for the items of a list. */
  readonly at: readonly string[]
  readonly change: NarrowingChange
}

/** What became narrower there. */
export type NarrowingChange =
  | { readonly kind: 'required'; readonly property: string }
  | { readonly kind: 'types'; readonly lost: readonly ValueType[] }
  | { readonly kind: 'values'; readonly lost: readonly string[] }
  | { readonly kind: 'closed' }
  | { readonly kind: 'bound'; readonly keyword: string; readonly before: string; readonly after: string }
  /** A keyword changed in a way that only testing values could call harmless. */
  | { readonly kind: 'keyword'; readonly keyword: string }
  /** The schemas are too large or too entangled to tell. */
  | { readonly kind: 'too_large' }

/** Moves what was found inside a value to its place in the value around it. */
export function inside(step: string, narrowings: readonly Narrowing[]): readonly Narrowing[] {
  return narrowings.map(({ at, change }) => ({ at: [step, ...at], change }))
}

/** A narrowing of the value itself. */
export function here(change: NarrowingChange): Narrowing {
  return { at: [], change }
}
