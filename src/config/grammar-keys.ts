import * as z from 'zod'
import { keyFacts } from './grammar/key.ts'
import { schemaShape } from './grammar/schema-shape.ts'
import { schemaExample, schemaWords } from './grammar/schema-words.ts'

/** One key of the grammar, as the documentation lists it. */
export interface KeyRow {
  /** Where it stands, as `solutions.<name>.path`. */
  readonly parent: string
  readonly key: string
  readonly type: string
  readonly example: string
  readonly default: string
  readonly unit: string
  readonly meaning: string
  readonly notYet: boolean
}

/** Every key of a grammar, each before those below it. */
export function grammarKeys(schema: z.ZodType): readonly KeyRow[] {
  return keysBelow(schema, { parent: '', notYet: false })
}

function keysBelow(schema: z.ZodType, place: { readonly parent: string; readonly notYet: boolean }): readonly KeyRow[] {
  const shape = schemaShape(schema)
  switch (shape.kind) {
    case 'map':
      return Object.entries(shape.keys).flatMap(([key, inner]) => {
        const row = keyRow(inner, { ...place, key })
        const path = place.parent === '' ? key : `${place.parent}.${key}`
        return [row, ...keysBelow(inner, { parent: path, notYet: row.notYet })]
      })
    case 'names':
      return keysBelow(shape.item, { ...place, parent: `${place.parent}.<name>` })
    case 'list':
      return keysBelow(shape.item, { ...place, parent: `${place.parent}[]` })
    case 'union':
      return shape.options.flatMap(option => keysBelow(option, place))
    case 'scalar':
      return []
    default:
      return shape satisfies never
  }
}

function keyRow(
  schema: z.ZodType,
  place: { readonly parent: string; readonly key: string; readonly notYet: boolean },
): KeyRow {
  const facts = keyFacts.get(schema)
  if (facts === undefined) throw new TypeError(`The key ${place.parent}.${place.key} says nothing about itself.`)
  return {
    ...place,
    type: schemaWords(schema),
    example: schemaExample(schema) ?? '',
    default: facts.default ?? usualValue(schema),
    unit: facts.unit ?? '',
    meaning: facts.meaning,
    notYet: place.notYet || facts.notYet === true,
  }
}

function usualValue(schema: z.ZodType): string {
  if (schema instanceof z.ZodOptional) return 'none'
  if (!(schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)) return '**required**'
  const usual: unknown = schema.def.defaultValue
  const isEmpty = typeof usual === 'object' && usual !== null && Object.keys(usual).length === 0
  return isEmpty ? 'none' : `\`${typeof usual === 'string' ? usual : JSON.stringify(usual)}\``
}

/** A Markdown table of keys. */
export function keyTable(rows: readonly KeyRow[], name: (row: KeyRow) => string): string {
  const lines = rows.map(row =>
    [
      `\`${name(row)}\``,
      row.type,
      row.default,
      row.unit === '' ? '–' : row.unit,
      row.notYet ? `*not yet* · ${row.meaning}` : row.meaning,
    ]
      .map(cell => cell.replaceAll('|', '\\|'))
      .join(' | '),
  )
  return [
    '| key | type | default | unit | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...lines.map(line => `| ${line} |`),
    '',
  ].join('\n')
}
