import * as z from 'zod'

/** What the documentation says of a key. */
export interface KeyFacts {
  readonly meaning: string
  /** Of numbers and spans of time. */
  readonly unit?: string
  /** Where no single value is the default: what happens instead. */
  readonly default?: string
  /**
   * The key stands in the grammar and its feature does not exist yet: whoever uses it is told so.
   * Deleting this mark turns it on.
   */
  readonly notYet?: true
}

/** The facts of every key of the grammar. */
export const keyFacts = z.registry<KeyFacts>()
/** The choices of a key that stand in the grammar and do nothing yet, by the schema of the choice. */
export const choicesNotYet = z.registry<{ readonly notYet: readonly string[] }>()

/** A key of the grammar: the schema of its value, and what people should know about it. */
export function key<T extends z.ZodType>(schema: T, facts: KeyFacts): T {
  // A clone, because a schema such as the one of durations serves many keys.
  const own = schema.clone()
  keyFacts.add(own, facts)
  return own
}

/** One word out of several; `notYet` names those whose feature does not exist yet. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
  { notYet = [] }: { readonly notYet?: readonly Words[number][] } = {},
): z.ZodEnum<{ [Word in Words[number]]: Word }> {
  const schema = z.enum(words)
  choicesNotYet.add(schema, { notYet })
  return schema
}

/** A list of different things. */
export function listOf<T extends z.ZodType>(item: T): z.ZodDefault<z.ZodArray<T>> {
  return z.array(item).max(1_000).default([])
}
