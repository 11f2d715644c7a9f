import { canonicalJson } from '../canonical-json.ts'

/** What happened to one thing that has a name. */
export interface NamedChange<T> {
  readonly name: string
  /** Absent: it is new. */
  readonly before: T | undefined
  /** Absent: it is gone. */
  readonly after: T | undefined
}

/** The things of two lists that are new, gone or not the same, sorted by name. The order of the lists says nothing. */
export function namedChanges<T>(
  lists: { readonly before: readonly T[]; readonly after: readonly T[] },
  nameOf: (item: T) => string,
): readonly NamedChange<T>[] {
  const [was, is] = [byName(lists.before, nameOf), byName(lists.after, nameOf)]
  return [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap(name => {
    const change = { name, before: was.get(name), after: is.get(name) }
    return isSame(change.before, change.after) ? [] : [change]
  })
}

/** Whether two values are the same as JSON. */
export function isSame(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === after
  return canonicalJson(before) === canonicalJson(after)
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map(item => [nameOf(item), item]))
}
