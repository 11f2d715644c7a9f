import { canonicalJson } from '../canonical-json.ts'
import type { Json, JsonSchema } from '../manifest.ts'
import { compareArrays } from './compare-arrays.ts'
import { compareBounds } from './compare-bounds.ts'
import { compareBranches } from './compare-branches.ts'
import { compareObjects } from './compare-objects.ts'
import type { SchemaComparison } from './comparison.ts'
import { here, type Narrowing } from './narrowing.ts'
import { isRecord, own, type SchemaObject, schemasAt } from './read-schema.ts'
import { ReferenceReader } from './schema-references.ts'
import { declaredTypes, listedTexts, typesOf } from './value-types.ts'

/**
 * How many pairs of schemas are compared before the answer is "cannot tell". Branches and references multiply; a hostile pair of small
 * files would otherwise keep us busy for hours.
 */
const mostPairs = 20_000
/** How many of them may be open at once: each takes a few frames of the stack. */
const mostOpen = 400

/** Keywords that restrict nothing. Names that begin with `x-` are notes as well. */
const notes = new Set([
  '$schema', '$id', 'id', '$comment', '$defs', 'definitions', '$anchor', '$vocabulary',
  'title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly',
  'contentEncoding', 'contentMediaType', 'contentSchema',
]) // biome-ignore format: a list is read as a list

/** Keywords that one of the comparisons understands. */
const understood = new Set([
  '$ref', 'type', 'const', 'enum', 'nullable', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'pattern', 'format', 'multipleOf', 'uniqueItems',
  'properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'required', 'dependentRequired',
  'items', 'prefixItems', 'contains', 'minContains', 'maxContains', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else',
]) // biome-ignore format: a list is read as a list

/**
 * Compares two schemas. What is not understood counts as narrower, so an empty answer is a proof and a finding need not be one.
 */
export function compareSchemas(before: JsonSchema, after: JsonSchema): readonly Narrowing[] {
  if (canonicalJson(before) === canonicalJson(after)) return []
  return new Direction(before, after).narrowings(before, after)
}

/** Compares in one direction; its opposite shares the budget. */
class Direction implements SchemaComparison {
  private readonly before: ReferenceReader
  private readonly after: ReferenceReader
  private readonly opposite: Direction
  private readonly budget: { left: number; open: number }
  /** Pairs that are being compared further up. Meeting one again means that a deeper value repeats the question: it is not the one to fail. */
  private readonly open = new Map<JsonSchema, Set<JsonSchema>>()
  /** Answers that are final. A success is none: it may rest on a pair that is still open. */
  private readonly failed = new Map<JsonSchema, Map<JsonSchema, readonly Narrowing[]>>()

  constructor(before: JsonSchema, after: JsonSchema, opposite?: Direction) {
    this.before = opposite?.after ?? new ReferenceReader(before)
    this.after = opposite?.before ?? new ReferenceReader(after)
    this.budget = opposite?.budget ?? { left: mostPairs, open: 0 }
    this.opposite = opposite ?? new Direction(after, before, this)
  }

  widenings(before: JsonSchema, after: JsonSchema): readonly Narrowing[] {
    return this.opposite.narrowings(after, before)
  }

  narrowings(before: JsonSchema, after: JsonSchema): readonly Narrowing[] {
    const last = this.before.follow(before)
    const next = this.after.follow(after)
    if (next === true || last === false) return []
    if (next === false) return [here({ kind: 'closed' })]
    const known = this.failed.get(last)?.get(next)
    if (known !== undefined) return known
    if (this.open.get(last)?.has(next) === true) return []
    this.budget.left -= 1
    if (this.budget.left < 0 || this.budget.open >= mostOpen) return [here({ kind: 'too_large' })]

    const open = this.open.get(last) ?? new Set()
    this.open.set(last, open.add(next))
    this.budget.open += 1
    const found = this.compare(last === true ? {} : last, next)
    this.budget.open -= 1
    open.delete(next)
    if (found.length > 0) this.failed.set(last, (this.failed.get(last) ?? new Map()).set(next, found))
    return found
  }

  private compare(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
    const direct = this.keywords(before, after)
    if (direct.length === 0) return []
    // A schema is everything that its parts say together: one part that is narrow enough suffices.
    const parts = [...schemasAt(before, 'allOf'), ...this.before.target(before)]
    if (parts.some(part => this.narrowings(part, after).length === 0)) return []
    // A value comes through one of the branches, so each of them must fit.
    const fits = (keyword: string): boolean => {
      const branches = schemasAt(before, keyword)
      return branches.length > 0 && branches.every(branch => this.narrowings(branch, after).length === 0)
    }
    return fits('anyOf') || fits('oneOf') ? [] : direct
  }

  private keywords(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
    const types = typesOf(before)
    return [
      ...compareTypes(before, after),
      ...compareBounds(before, after, types),
      ...(types.has('object') ? compareObjects(before, after, this) : []),
      ...(types.has('array') ? compareArrays(before, after, this) : []),
      ...compareBranches(before, after, this),
      ...this.reference(before, after),
      ...compareRest(before, after),
    ]
  }

  private reference(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
    if (own(after, '$ref') === undefined) return []
    const [target] = this.after.target(after)
    return target === undefined ? [here({ kind: 'keyword', keyword: '$ref' })] : this.narrowings(before, target)
  }
}

function compareTypes(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
  const allowed = declaredTypes(after)
  const lost = [...typesOf(before)].filter(type => !allowed.has(type))
  if (lost.length > 0) return [here({ kind: 'types', lost })]
  const possible = listedTexts(before)
  return (['const', 'enum'] as const).flatMap(keyword => {
    const value = own(after, keyword)
    const list = listedTexts(value === undefined ? {} : { [keyword]: value })
    if (list === undefined) return []
    if (possible === undefined) return [here({ kind: 'keyword', keyword })]
    const gone = [...possible].filter(text => !list.has(text))
    return gone.length === 0 ? [] : [here({ kind: 'values', lost: gone })]
  })
}

/** Keywords that no comparison understands are harmless only where nothing around them changed either. */
function compareRest(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
  const unknown = Object.keys(after).filter(
    keyword => !notes.has(keyword) && !understood.has(keyword) && !keyword.startsWith('x-'),
  )
  if (unknown.length === 0 || (!refers(after) && canonicalJson(before) === canonicalJson(after))) return []
  return unknown.map(keyword => here({ kind: 'keyword', keyword }))
}

/** Whether a value holds a reference: then the same text may mean something else in another file. */
function refers(value: Json): boolean {
  if (Array.isArray(value)) return value.some(refers)
  return (
    isRecord(value) &&
    Object.entries(value).some(([key, inner]) => /^\$(?:dynamic|recursive)?ref$/i.test(key) || refers(inner))
  )
}
