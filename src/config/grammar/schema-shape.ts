import * as z from 'zod'

/** What may stand inside a value, as far as the grammar is walked. */
export type SchemaShape =
  | { readonly kind: 'map'; readonly keys: Readonly<Record<string, z.ZodType>> }
  | { readonly kind: 'names'; readonly name: z.ZodType; readonly item: z.ZodType }
  | { readonly kind: 'list'; readonly item: z.ZodType }
  | { readonly kind: 'union'; readonly options: readonly z.ZodType[] }
  | { readonly kind: 'scalar' }

/** A schema without what says that it may be missing. */
export function bareSchema(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bareSchema(checked(schema.unwrap()))
  }
  return schema
}

/** What may stand inside values of a schema. */
export function schemaShape(schema: z.ZodType): SchemaShape {
  const bare = bareSchema(schema)
  if (bare instanceof z.ZodObject) {
    const keys = Object.entries(bare.shape).map(([key, value]): [string, z.ZodType] => [key, checked(value)])
    return { kind: 'map', keys: Object.fromEntries(keys) }
  }
  if (bare instanceof z.ZodRecord) return { kind: 'names', name: checked(bare.keyType), item: checked(bare.valueType) }
  if (bare instanceof z.ZodArray) return { kind: 'list', item: checked(bare.element) }
  if (bare instanceof z.ZodUnion) return { kind: 'union', options: bare.options.map(checked) }
  return { kind: 'scalar' }
}

/** The schemas that a value below `schema` may have, one step down; several below a union. */
export function stepInto(schema: z.ZodType, step: string | number): readonly z.ZodType[] {
  const shape = schemaShape(schema)
  switch (shape.kind) {
    case 'map': {
      const found = Object.hasOwn(shape.keys, step) ? shape.keys[step] : undefined
      return found === undefined ? [] : [found]
    }
    case 'names':
      return typeof step === 'string' ? [shape.item] : []
    case 'list':
      return typeof step === 'number' ? [shape.item] : []
    case 'union':
      return shape.options.flatMap(option => stepInto(option, step))
    case 'scalar':
      return []
    default:
      return shape satisfies never
  }
}

/** The library types what it gives back as its small core; everything in this grammar is of the classic kind. */
function checked(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema
  throw new TypeError('The grammar holds something that is no schema.')
}
