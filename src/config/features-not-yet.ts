import * as z from 'zod'
import { choicesNotYet, keyFacts } from './grammar/key.ts'
import { bareSchema, schemaShape } from './grammar/schema-shape.ts'
import { availableChoices } from './grammar/schema-words.ts'
import type { Finding, KeyPath } from './problem.ts'
import { entriesAt, isList, type YamlValue } from './yaml/yaml-tree.ts'

/** Every use of a key, or of a choice, that stands in the grammar and whose feature does not exist yet. */
export function featuresNotYet(schema: z.ZodType, value: YamlValue, at: KeyPath = []): readonly Finding[] {
  const shape = schemaShape(schema)
  switch (shape.kind) {
    case 'map':
      return entriesAt(value, []).flatMap(([name, inner]) => {
        const inside = Object.hasOwn(shape.keys, name) ? shape.keys[name] : undefined
        if (inside === undefined) return []
        return keyFacts.get(inside)?.notYet === true
          ? [keyNotYet([...at, name])]
          : featuresNotYet(inside, inner, [...at, name])
      })
    case 'names':
      return entriesAt(value, []).flatMap(([name, inner]) => featuresNotYet(shape.item, inner, [...at, name]))
    case 'list':
      return isList(value) ? value.flatMap((item, index) => featuresNotYet(shape.item, item, [...at, index])) : []
    case 'union':
      return shape.options.flatMap(option => featuresNotYet(option, value, at))
    case 'scalar':
      return choiceNotYet(bareSchema(schema), value, at)
    default:
      return shape satisfies never
  }
}

function keyNotYet(at: KeyPath): Finding {
  return {
    at,
    part: 'key',
    code: 'feature_not_available',
    message: `\`${String(at.at(-1))}\` belongs to the grammar, and this version of Ringway cannot do it yet. Remove the key; a later version will take it.`,
  }
}

function choiceNotYet(schema: z.ZodType, value: YamlValue, at: KeyPath): readonly Finding[] {
  const later = choicesNotYet.get(schema)?.notYet ?? []
  if (!(schema instanceof z.ZodEnum) || typeof value !== 'string' || !later.includes(value)) return []
  const available = availableChoices(schema)
  const now = available.map(word => `\`${word}\``).join(', ')
  return [
    {
      at,
      part: 'value',
      code: 'feature_not_available',
      message: `\`${value}\` belongs to the grammar, and this version of Ringway cannot do it yet. Write ${now}.`,
      suggestion: available[0],
    },
  ]
}
