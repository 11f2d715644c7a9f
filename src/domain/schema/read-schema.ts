import type { Json, JsonSchema } from '../manifest.ts'

/** The keywords of a schema that is no boolean. */
export type SchemaObject = { readonly [key: string]: Json }

/** Whether a value is a map. */
export function isRecord(value: Json | undefined): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value can be a schema: a map or a boolean. */
export function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'boolean' || isRecord(value)
}

/** The schema under a keyword; what is not one restricts nothing. */
export function schemaAt(schema: SchemaObject, keyword: string): JsonSchema {
  const value = own(schema, keyword)
  return isSchema(value) ? value : true
}

/** The schemas in a list under a keyword. */
export function schemasAt(schema: SchemaObject, keyword: string): readonly JsonSchema[] {
  const value = own(schema, keyword)
  return Array.isArray(value) ? value.filter(isSchema) : []
}

/** The named schemas under a keyword, such as `properties`. */
export function namedSchemasAt(schema: SchemaObject, keyword: string): ReadonlyMap<string, JsonSchema> {
  const value = own(schema, keyword)
  if (!isRecord(value)) return new Map()
  return new Map(Object.entries(value).flatMap(([name, named]) => (isSchema(named) ? [[name, named]] : [])))
}

/** The texts in a list under a keyword, such as `required`. */
export function textsAt(schema: SchemaObject, keyword: string): readonly string[] {
  const value = own(schema, keyword)
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** The value of a keyword; never what every object inherits. */
export function own(schema: SchemaObject, keyword: string): Json | undefined {
  return Object.hasOwn(schema, keyword) ? schema[keyword] : undefined
}
