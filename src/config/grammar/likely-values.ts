import * as z from 'zod'
import { closest } from '../../domain/closest.ts'
import type { YamlValue } from '../yaml/yaml-tree.ts'
import { scalarWords } from './scalar.ts'
import { bareSchema, schemaShape } from './schema-shape.ts'
import { availableChoices } from './schema-words.ts'

/** What the writer of a value that does not fit may have meant; several where nobody can know, none where nothing is near. */
export function likelyValues(schema: z.ZodType, came: YamlValue | undefined): readonly string[] {
  const bare = bareSchema(schema)
  const guessed = (scalarWords.get(bare)?.likely?.(came) ?? []).filter(guess => guess !== came)
  if (guessed.length > 0) return guessed
  if (typeof came === 'string') return likelyTexts(bare, came)
  const isText = bare instanceof z.ZodString && scalarWords.has(bare)
  return isText && (typeof came === 'number' || typeof came === 'boolean') ? [`"${came}"`] : []
}

function likelyTexts(bare: z.ZodType, came: string): readonly string[] {
  const shape = schemaShape(bare)
  if (shape.kind === 'union') {
    return shape.options.map(option => likelyValues(option, came)).find(found => found.length > 0) ?? []
  }
  if (shape.kind === 'list') return /^[^\p{Cc}`[\]{},]{1,60}$/u.test(came) ? [`[${came}]`] : []
  if (bare instanceof z.ZodEnum) return [closest(came, availableChoices(bare))].filter(found => found !== undefined)
  const unquoted =
    bare instanceof z.ZodNumber ? /^-?[1-9][0-9]*$/ : bare instanceof z.ZodBoolean ? /^(?:true|false)$/ : undefined
  return unquoted?.test(came) === true ? [came] : []
}
