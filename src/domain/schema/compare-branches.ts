import type { JsonSchema } from '../manifest.ts'
import type { SchemaComparison } from './comparison.ts'
import { here, type Narrowing } from './narrowing.ts'
import { isRecord, namedSchemasAt, own, type SchemaObject, schemaAt, schemasAt, textsAt } from './read-schema.ts'
import { listedTexts, typesOf } from './value-types.ts'

/** Compares `allOf`, `anyOf`, `oneOf`, `not` and `if`. */
export function compareBranches(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  return [
    ...schemasAt(after, 'allOf').flatMap(part => comparison.narrowings(before, part)),
    ...compareAnyOf(before, after, comparison),
    ...compareOneOf(before, after, comparison),
    ...compareNot(before, after, comparison),
    ...compareIf(before, after, comparison),
  ]
}

function compareAnyOf(before: SchemaObject, after: SchemaObject, comparison: SchemaComparison): readonly Narrowing[] {
  const branches = schemasAt(after, 'anyOf')
  return branches.length === 0 || fitsOne(before, branches, comparison)
    ? []
    : [here({ kind: 'keyword', keyword: 'anyOf' })]
}

/** Whether every value of `before` fits one of the branches. Which one may depend on the branch that it came through before. */
function fitsOne(before: SchemaObject, branches: readonly JsonSchema[], comparison: SchemaComparison): boolean {
  const fits = (schema: JsonSchema): boolean =>
    branches.some(branch => comparison.narrowings(schema, branch).length === 0)
  const ways = (keyword: string): boolean => {
    const last = schemasAt(before, keyword)
    return last.length > 0 && last.every(fits)
  }
  return ways('anyOf') || ways('oneOf') || fits(before)
}

/** `oneOf` also refuses what fits twice, so a wider branch can refuse more: only branches that exclude each other are like `anyOf`. */
function compareOneOf(before: SchemaObject, after: SchemaObject, comparison: SchemaComparison): readonly Narrowing[] {
  const branches = schemasAt(after, 'oneOf')
  if (branches.length === 0) return []
  if (excludeEachOther(branches) && fitsOne(before, branches, comparison)) return []
  const last = schemasAt(before, 'oneOf')
  const isSame = (branch: JsonSchema, index: number): boolean => {
    const other = last[index]
    if (other === undefined) return false
    return comparison.narrowings(other, branch).length === 0 && comparison.widenings(other, branch).length === 0
  }
  const same = last.length === branches.length && branches.every(isSame)
  return same ? [] : [here({ kind: 'keyword', keyword: 'oneOf' })]
}

function excludeEachOther(branches: readonly JsonSchema[]): boolean {
  return branches.every((a, index) => branches.slice(index + 1).every(b => exclude(a, b)))
}

/** Whether no value fits both, by what they say at the top: other types, or a required property that has other values in each. */
function exclude(a: JsonSchema, b: JsonSchema): boolean {
  const other = typesOf(b)
  const shared = [...typesOf(a)].filter(type => other.has(type))
  if (shared.length === 0) return true
  if (!isRecord(a) || !isRecord(b) || shared.some(type => type !== 'object')) return false
  const required = new Set(textsAt(b, 'required'))
  return textsAt(a, 'required').some(property => {
    if (!required.has(property)) return false
    const left = valuesOf(a, property)
    const right = valuesOf(b, property)
    return left !== undefined && right !== undefined && ![...left].some(text => right.has(text))
  })
}

function valuesOf(schema: SchemaObject, property: string): ReadonlySet<string> | undefined {
  const named = namedSchemasAt(schema, 'properties').get(property)
  return named === undefined || typeof named === 'boolean' ? undefined : listedTexts(named)
}

/** What was refused before may be refused still; nothing more. */
function compareNot(before: SchemaObject, after: SchemaObject, comparison: SchemaComparison): readonly Narrowing[] {
  if (own(after, 'not') === undefined) return []
  const changed = [here({ kind: 'keyword', keyword: 'not' })]
  if (own(before, 'not') === undefined) return changed
  return comparison.widenings(schemaAt(before, 'not'), schemaAt(after, 'not')).length === 0 ? [] : changed
}

function compareIf(before: SchemaObject, after: SchemaObject, comparison: SchemaComparison): readonly Narrowing[] {
  if (own(after, 'if') === undefined) return []
  const consequences = (['then', 'else'] as const).filter(keyword => own(after, keyword) !== undefined)
  if (consequences.length === 0) return []
  const changed = [here({ kind: 'keyword', keyword: 'if' })]
  if (own(before, 'if') === undefined) return changed
  const [last, next] = [schemaAt(before, 'if'), schemaAt(after, 'if')]
  const sameQuestion = comparison.narrowings(last, next).length === 0 && comparison.widenings(last, next).length === 0
  if (!sameQuestion) return changed
  return consequences.flatMap(keyword => comparison.narrowings(schemaAt(before, keyword), schemaAt(after, keyword)))
}
