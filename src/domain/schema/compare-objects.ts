import type { Json, JsonSchema } from '../manifest.ts'
import type { SchemaComparison } from './comparison.ts'
import { here, inside, type Narrowing } from './narrowing.ts'
import { isRecord, namedSchemasAt, own, type SchemaObject, schemaAt, textsAt } from './read-schema.ts'

/** Compares what two schemas say about maps: which properties there must and may be, and what they hold. */
export function compareObjects(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  return [
    ...compareRequired(before, after),
    ...compareProperties(before, after, comparison),
    ...comparePatterns(before, after, comparison),
    ...compareAdditional(before, after, comparison),
    ...inside('*', comparison.narrowings(schemaAt(before, 'propertyNames'), schemaAt(after, 'propertyNames'))),
  ]
}

function compareRequired(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
  const always = new Set(textsAt(before, 'required'))
  const needed = textsAt(after, 'required').filter(property => !always.has(property))
  return [...needed.map(property => here({ kind: 'required', property })), ...compareDependent(before, after)]
}

function compareDependent(before: SchemaObject, after: SchemaObject): readonly Narrowing[] {
  const always = textsAt(before, 'required')
  const last = own(before, 'dependentRequired')
  const next = own(after, 'dependentRequired')
  if (!isRecord(next)) return []
  const isNew = ([property, needed]: [string, Json]): boolean => {
    const known = new Set([...always, ...(isRecord(last) ? textsAt(last, property) : [])])
    return Array.isArray(needed) && needed.some(name => typeof name === 'string' && !known.has(name))
  }
  return Object.entries(next).some(isNew) ? [here({ kind: 'keyword', keyword: 'dependentRequired' })] : []
}

function compareProperties(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  const last = namedSchemasAt(before, 'properties')
  return [...namedSchemasAt(after, 'properties')].flatMap(([property, schema]) =>
    inside(property, comparison.narrowings(last.get(property) ?? unnamedBefore(before), schema)),
  )
}

/**
 * What a map let pass under a name that it did not declare. Names that a pattern may have covered are taken for unrestricted, because we
 * do not run a stranger's regular expressions.
 */
function unnamedBefore(before: SchemaObject): JsonSchema {
  return namedSchemasAt(before, 'patternProperties').size === 0 ? schemaAt(before, 'additionalProperties') : true
}

function comparePatterns(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  const last = namedSchemasAt(before, 'patternProperties')
  return [...namedSchemasAt(after, 'patternProperties')].flatMap(([pattern, schema]) =>
    inside(`/${pattern}/`, comparison.narrowings(last.get(pattern) ?? true, schema)),
  )
}

/** Every name that the new schema does not declare falls under its `additionalProperties`, whatever governed it before. */
function compareAdditional(
  before: SchemaObject,
  after: SchemaObject,
  comparison: SchemaComparison,
): readonly Narrowing[] {
  const rest = schemaAt(after, 'additionalProperties')
  const declared = namedSchemasAt(after, 'properties')
  const patterns = namedSchemasAt(after, 'patternProperties')
  const undeclared = [...namedSchemasAt(before, 'properties')].filter(([property]) => !declared.has(property))
  const unmatched = [...namedSchemasAt(before, 'patternProperties')].filter(([pattern]) => !patterns.has(pattern))
  return [
    ...undeclared.flatMap(([property, schema]) => inside(property, comparison.narrowings(schema, rest))),
    ...unmatched.flatMap(([pattern, schema]) => inside(`/${pattern}/`, comparison.narrowings(schema, rest))),
    ...inside('*', comparison.narrowings(schemaAt(before, 'additionalProperties'), rest)),
  ]
}
