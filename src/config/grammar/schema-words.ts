import * as z from 'zod'
import { choicesNotYet } from './key.ts'
import { scalarWords } from './scalar.ts'
import { bareSchema, schemaShape } from './schema-shape.ts'

/** What values of a schema look like, for people: `a duration`, `one of`, … */
export function schemaWords(schema: z.ZodType): string {
  const bare = bareSchema(schema)
  const own = scalarWords.get(bare)
  if (own !== undefined) return own.type
  if (bare instanceof z.ZodEnum) return oneOf(availableChoices(bare))
  if (bare instanceof z.ZodLiteral) return oneOf([...bare.values].map(String))
  if (bare instanceof z.ZodBoolean) return '`true` or `false`'
  if (bare instanceof z.ZodNumber) return numberWords(bare)
  if (bare instanceof z.ZodString) return 'a text'
  const shape = schemaShape(bare)
  switch (shape.kind) {
    case 'list':
      return schemaWords(shape.item) === 'a map' ? 'a list of maps' : `a list, each item ${schemaWords(shape.item)}`
    case 'union':
      return shape.options.map(schemaWords).join(', or ')
    case 'map':
    case 'names':
      return 'a map'
    case 'scalar':
      return 'a value'
    default:
      return shape satisfies never
  }
}

/** An example of a value, where the grammar has one. */
export function schemaExample(schema: z.ZodType): string | undefined {
  const shape = schemaShape(schema)
  return (
    scalarWords.get(bareSchema(schema))?.example ??
    (shape.kind === 'union' ? shape.options.map(schemaExample).find(Boolean) : undefined)
  )
}

/** The words of a choice that do something. */
export function availableChoices(schema: z.ZodEnum): readonly string[] {
  const later = choicesNotYet.get(schema)?.notYet ?? []
  return schema.options.map(String).filter(option => !later.includes(option))
}

function oneOf(choices: readonly string[]): string {
  const quoted = choices.map(choice => `\`${choice}\``)
  return quoted.length === 1 ? (quoted[0] ?? '') : `one of ${quoted.join(', ')}`
}

function numberWords(schema: z.ZodNumber): string {
  const kind = schema.format?.includes('int') === true ? 'a whole number' : 'a number'
  const least = schema.minValue !== null && Number.isFinite(schema.minValue) ? ` from ${schema.minValue}` : ''
  const most = schema.maxValue !== null && Number.isFinite(schema.maxValue) ? ` to ${schema.maxValue}` : ''
  return `${kind}${least}${most}`
}
