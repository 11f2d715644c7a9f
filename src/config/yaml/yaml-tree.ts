import type { KeyPath } from '../problem.ts'

/** A value of a document. */
export type YamlValue = null | boolean | number | string | readonly YamlValue[] | { readonly [key: string]: YamlValue }

/** A value together with its place: characters from the beginning of the text. */
export interface YamlNode {
  readonly value: YamlValue
  readonly offset: number
  /** Where its key stands, for the value of a map. */
  readonly keyOffset?: number | undefined
  readonly children: ReadonlyMap<string | number, YamlNode>
}

/** The node at a path, or the deepest one above it that is there. */
export function nearestNode(root: YamlNode, path: KeyPath): YamlNode {
  let node = root
  for (const step of path) {
    const next = node.children.get(step)
    if (next === undefined) return node
    node = next
  }
  return node
}

/** The value at a path; undefined when there is none. */
export function valueAt(value: YamlValue | undefined, path: KeyPath): YamlValue | undefined {
  let found = value
  for (const step of path) {
    if (isList(found) && typeof step === 'number') found = found[step]
    else found = isMap(found) && typeof step === 'string' && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return found
}

/** Whether a value is a list. */
export function isList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value)
}

/** Whether a value is a map. */
export function isMap(value: YamlValue | undefined): value is { readonly [key: string]: YamlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The entries of the map at a path; none when there is no map. */
export function entriesAt(value: YamlValue | undefined, path: KeyPath): readonly (readonly [string, YamlValue])[] {
  const found = valueAt(value, path)
  return isMap(found) ? Object.entries(found) : []
}

/** The texts of the list at a path, each with its index. */
export function textsAt(value: YamlValue | undefined, path: KeyPath): readonly (readonly [number, string])[] {
  const found = valueAt(value, path)
  if (!isList(found)) return []
  return found.flatMap((item, index) => (typeof item === 'string' ? [[index, item] as const] : []))
}
