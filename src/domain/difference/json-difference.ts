import type { Json } from '../manifest.ts'
import { isSame } from './named-changes.ts'

/** One place where two JSON documents differ. */
export interface JsonChange {
  /** `properties.ticket.type`; empty for the whole document. */
  readonly path: string
  /** Absent: it is new. */
  readonly before: Json | undefined
  /** Absent: it is gone. */
  readonly after: Json | undefined
}

/** Where two JSON documents differ: object by object; a list is compared as a whole. */
export function jsonDifference(before: Json | undefined, after: Json | undefined): readonly JsonChange[] {
  return compare([], before, after)
}

function compare(path: readonly string[], before: Json | undefined, after: Json | undefined): readonly JsonChange[] {
  if (isSame(before, after)) return []
  if (!isObject(before) || !isObject(after)) return [{ path: path.join('.'), before, after }]
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...was.keys(), ...is.keys()])]
    .toSorted()
    .flatMap(key => compare([...path, key], was.get(key), is.get(key)))
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
