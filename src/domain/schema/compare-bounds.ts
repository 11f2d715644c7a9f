import { canonicalJson } from '../canonical-json.ts'
import type { Json } from '../manifest.ts'
import { here, type Narrowing } from './narrowing.ts'
import { own, type SchemaObject } from './read-schema.ts'
import type { ValueType } from './value-types.ts'

/** A keyword that sets a limit, the types that it speaks about, and what it is when it is absent. */
interface Bound {
  readonly keyword: string
  readonly types: readonly ValueType[]
  readonly side: 'at_least' | 'at_most'
  readonly absent: number
}

const counts = (keyword: string, types: readonly ValueType[]): Bound[] => [
  { keyword: `min${keyword}`, types, side: 'at_least', absent: 0 },
  { keyword: `max${keyword}`, types, side: 'at_most', absent: Number.POSITIVE_INFINITY },
]
const bounds = [...counts('Length', ['string']), ...counts('Items', ['array']), ...counts('Properties', ['object'])]

/** Keywords that are the same or refuse what the other takes; nothing between can be told without trying values. */
const exact: readonly { readonly keyword: string; readonly types: readonly ValueType[] }[] = [
  { keyword: 'pattern', types: ['string'] },
  { keyword: 'format', types: ['string', 'number', 'integer'] },
  { keyword: 'multipleOf', types: ['number', 'integer'] },
]

/** Compares the limits of texts, numbers, lists and maps, as far as `types` can occur. */
export function compareBounds(
  before: SchemaObject,
  after: SchemaObject,
  types: ReadonlySet<ValueType>,
): readonly Narrowing[] {
  const concerns = (keyword: { readonly types: readonly ValueType[] }): boolean =>
    keyword.types.some(type => types.has(type))
  return [
    ...bounds.filter(concerns).flatMap(bound => compareBound(before, after, bound)),
    ...(types.has('number') || types.has('integer') ? compareRange(before, after) : []),
    ...exact.filter(concerns).flatMap(({ keyword }) => compareExact(before, after, keyword)),
    ...(types.has('array') && own(after, 'uniqueItems') === true && own(before, 'uniqueItems') !== true
      ? [here({ kind: 'keyword', keyword: 'uniqueItems' })]
      : []),
  ]
}

function compareBound(before: SchemaObject, after: SchemaObject, bound: Bound): readonly Narrowing[] {
  const { keyword, side, absent } = bound
  const next = own(after, keyword)
  if (next === undefined) return []
  const last = own(before, keyword)
  const limit = typeof last === 'number' ? last : absent
  if (typeof next === 'number' && (side === 'at_least' ? next <= limit : next >= limit)) return []
  return [here({ kind: 'bound', keyword, before: said(last), after: said(next) })]
}

function compareRange(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
  return (['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'] as const).flatMap(keyword => {
    const next = own(after, keyword)
    if (next === undefined || impliesLimit(before, keyword, next)) return []
    return [here({ kind: 'bound', keyword, before: said(own(before, keyword)), after: said(next) })]
  })
}

type RangeKeyword = 'minimum' | 'exclusiveMinimum' | 'maximum' | 'exclusiveMaximum'

/** Whether every number that `schema` lets pass is within one limit. */
function impliesLimit(schema: SchemaObject, keyword: RangeKeyword, limit: Json): boolean {
  if (typeof limit !== 'number') return false
  const sign = keyword === 'minimum' || keyword === 'exclusiveMinimum' ? 1 : -1
  const inclusive = own(schema, sign === 1 ? 'minimum' : 'maximum')
  const exclusive = own(schema, sign === 1 ? 'exclusiveMinimum' : 'exclusiveMaximum')
  const strict = keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum'
  if (typeof exclusive === 'number' && exclusive * sign >= limit * sign) return true
  if (typeof inclusive !== 'number') return false
  return strict ? inclusive * sign > limit * sign : inclusive * sign >= limit * sign
}

function compareExact(before: SchemaObject, after: SchemaObject, keyword: string): readonly Narrowing[] {
  const next = own(after, keyword)
  const last = own(before, keyword)
  if (next === undefined || (last !== undefined && canonicalJson(last) === canonicalJson(next))) return []
  return [here({ kind: 'bound', keyword, before: said(last), after: said(next) })]
}

function said(value: Json | undefined): string {
  return value === undefined ? 'none' : canonicalJson(value)
}
