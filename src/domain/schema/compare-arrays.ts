import type { JsonSchema } from '../manifest.ts'
import type { SchemaComparison } from './comparison.ts'
import { here, inside, type Narrowing } from './narrowing.ts'
import { own, type SchemaObject, schemaAt, schemasAt } from './read-schema.ts'

/** Compares what two schemas say about lists. */
export function compareArrays(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  // Until draft 2019-09 a list under `items` named the items one by one; its rest stood under `additionalItems`.
  if (Array.isArray(own(after, 'items'))) return [here({ kind: 'keyword', keyword: 'items' })]
  const last = schemasAt(before, 'prefixItems')
  const next = schemasAt(after, 'prefixItems')
  const lastRest = schemaAt(before, 'items')
  const nextRest = schemaAt(after, 'items')
  const places = Array.from({ length: Math.max(last.length, next.length) }, (_, index) => index)
  return [
    ...places.flatMap(index =>
      inside(`[${index}]`, comparison.narrowings(last[index] ?? lastRest, next[index] ?? nextRest)),
    ),
    ...inside('[]', comparison.narrowings(lastRest, nextRest)),
    ...compareContains(before, after, comparison),
  ]
}

function compareContains(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  const next = own(after, 'contains')
  if (next === undefined) return []
  const last = own(before, 'contains')
  const changed = [here({ kind: 'keyword', keyword: 'contains' })]
  if (last === undefined) return changed
  const from: JsonSchema = schemaAt(before, 'contains')
  const to: JsonSchema = schemaAt(after, 'contains')
  const enough = limit(after, 'minContains', 1) <= limit(before, 'minContains', 1)
  if (!enough || comparison.narrowings(from, to).length > 0) return changed
  if (own(after, 'maxContains') === undefined) return []
  const most = Number.POSITIVE_INFINITY
  const fewEnough = limit(before, 'maxContains', most) <= limit(after, 'maxContains', most)
  return fewEnough && comparison.widenings(from, to).length === 0 ? [] : changed
}

function limit(schema: SchemaObject, keyword: string, absent: number): number {
  const value = own(schema, keyword)
  return typeof value === 'number' ? value : absent
}
