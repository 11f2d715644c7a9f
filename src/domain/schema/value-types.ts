import { canonicalJson } from '../canonical-json.ts'
import type { Json, JsonSchema } from '../manifest.ts'
import { own, type SchemaObject, textsAt } from './read-schema.ts'

/** The types of JSON Schema. Integers are listed apart, because `number` takes them and `integer` takes no others. */
const valueTypes = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const

/** One of them; `number` stands for the numbers that are no integers. */
export type ValueType = (typeof valueTypes)[number]

/** The types that a schema's own keywords let pass; what its references and branches say is not asked. */
export function typesOf(schema: JsonSchema): ReadonlySet<ValueType> {
  if (typeof schema === 'boolean') return new Set(schema ? valueTypes : [])
  const declared = declaredTypes(schema)
  const values = listedValues(schema)
  if (values === undefined) return declared
  return new Set(values.map(typeOfValue).filter(type => declared.has(type)))
}

/** The values that `const` or `enum` lists, by their canonical text; undefined when neither is there. */
export function listedTexts(schema: SchemaObject): ReadonlySet<string> | undefined {
  const values = listedValues(schema)
  return values === undefined ? undefined : new Set(values.map(canonicalJson))
}

/** The types that `type` names; all where it is absent. */
export function declaredTypes(schema: SchemaObject): ReadonlySet<ValueType> {
  const type = own(schema, 'type')
  const names = typeof type === 'string' ? [type] : textsAt(schema, 'type')
  if (names.length === 0) return new Set(valueTypes)
  // Not of JSON Schema but of OpenAPI, which validators read as well.
  return new Set(valueTypes.filter(known => names.includes(known) || (known === 'integer' && names.includes('number'))))
}

function listedValues(schema: SchemaObject): readonly Json[] | undefined {
  const constant = own(schema, 'const')
  if (constant !== undefined) return [constant]
  const list = own(schema, 'enum')
  return Array.isArray(list) ? list : undefined
}

function typeOfValue(value: Json): ValueType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string') return 'string'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}
