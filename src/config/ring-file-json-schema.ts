import * as z from 'zod'
import { keyFacts } from './grammar/key.ts'
import { ringFileSchema } from './grammar/ring-file-schema.ts'
import { availableChoices } from './grammar/schema-words.ts'

/** The address under which editors find the schema. */
const address = 'https://raw.githubusercontent.com/ringway/ringway/main/docs/rings.schema.json'

/**
 * The JSON Schema of the ring file, for completion in editors. It knows each key by itself; what keys have against each other only
 * `ringway validate` says.
 */
export function ringFileJsonSchema(): unknown {
  const schema = z.toJSONSchema(ringFileSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const facts = zodSchema instanceof z.ZodType ? keyFacts.get(zodSchema) : undefined
      if (facts !== undefined) {
        jsonSchema.description = facts.notYet === true ? `Not available yet. ${facts.meaning}` : facts.meaning
      }
      if (zodSchema instanceof z.ZodEnum) jsonSchema.enum = [...availableChoices(zodSchema)]
    },
  })
  return { ...schema, $id: address, title: 'Ringway ring file' }
}
