import * as z from 'zod'

/** JSON Schemas of an OpenAPI document. */
export interface DescribedSchemas {
  /** The schema of what is on the wire. `name`: one that no other schema of the document has. */
  describe(schema: z.core.$ZodType, name: string): Record<string, unknown>
  /** What schemas refer to, by name; complete when all were described. */
  readonly components: Readonly<Record<string, unknown>>
}

/**
 * Turns zod's schemas into those of an OpenAPI 3.1 document, which are JSON Schema as it stands. Only their references are not: they count from
 * the root of the document, so what a schema defines for itself becomes a component.
 */
export function createDescribedSchemas(): DescribedSchemas {
  const components: Record<string, unknown> = {}
  return {
    components,
    describe(schema, name) {
      // What is checked by code alone (`z.custom`) is described as anything.
      const { $schema: _, ...whole } = z.toJSONSchema(schema, {
        io: 'input',
        target: 'draft-2020-12',
        unrepresentable: 'any',
      })
      const text = JSON.stringify(whole)
        .replaceAll('"$ref":"#/$defs/', `"$ref":"#/components/schemas/${name}.`)
        .replaceAll('"$ref":"#"', `"$ref":"#/components/schemas/${name}"`)
      const parsed: unknown = JSON.parse(text)
      const { $defs = {}, ...rest } = z
        .looseObject({ $defs: z.record(z.string(), z.unknown()).optional() })
        .parse(parsed)
      for (const [key, definition] of Object.entries($defs)) components[`${name}.${key}`] = definition
      if (!text.includes(`"#/components/schemas/${name}"`)) return rest
      components[name] = rest
      return { $ref: `#/components/schemas/${name}` }
    },
  }
}
