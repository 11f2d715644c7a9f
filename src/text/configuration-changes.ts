import type { ConfigurationChange, EffectiveConfiguration } from '../domain/effective-configuration.ts'
import { type ChangeLine, sayChange, sayValue } from './change-lines.ts'

/** What differs between two configurations, a line per value, with the layer it comes from. */
export function configurationChangeLines(changes: readonly ConfigurationChange[]): readonly ChangeLine[] {
  return changes.map(({ name, before, after, origin }) => {
    if (before === undefined) return { sign: '+', words: `${name} = ${sayValue(after)} (${origin})` }
    if (after === undefined) return { sign: '-', words: `${name} = ${sayValue(before)} (${origin})` }
    return { sign: '~', words: `${name} = ${sayChange(before, after)} (${origin})` }
  })
}

/** Rows of name, value and the layer it comes from, for a table. */
export function configurationRows({ values, origins }: EffectiveConfiguration): readonly (readonly string[])[] {
  const layers = new Map(Object.entries(origins))
  return Object.entries(values).map(([name, value]) => [name, sayValue(value), layers.get(name) ?? ''])
}
