import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ringFileJsonSchema } from '../../src/config/ring-file-json-schema.ts'
import { ringFileKeys, ringFileReference } from '../../src/config/ring-file-reference.ts'

const root = join(import.meta.dirname, '..', '..')
const published: unknown = JSON.parse(readFileSync(join(root, 'docs', 'rings.schema.json'), 'utf8'))
const reference = readFileSync(join(root, 'docs', 'ring-file.md'), 'utf8')

function validates(value: unknown): boolean {
  const schema = ringFileJsonSchema()
  if (typeof schema !== 'object' || schema === null) throw new Error('no schema')
  return new Ajv2020({ strict: false }).compile(schema)(value)
}

describe('the published JSON Schema', () => {
  it('is what the grammar says', () => {
    expect(ringFileJsonSchema()).toEqual(published)
  })

  it('takes what the documentation shows', () => {
    const example: unknown = parse(/```yaml\n([^]*?)```/.exec(reference)?.[1] ?? '')
    expect(validates(example)).toBe(true)
  })

  it.each([
    { why: 'unknown keys', value: { version: 1, solutions: {}, zebra: 1 } },
    { why: 'wrong names', value: { version: 1, solutions: { 'Support Desk': { components: {}, rings: {} } } } },
    {
      why: 'durations without unit',
      value: { version: 1, solutions: { a: { components: { b: { kind: 'code', timeout: '60' } }, rings: {} } } },
    },
    {
      why: 'targets that do not exist yet',
      value: { version: 1, solutions: { a: { components: {}, rings: { dev: { deploy: { target: 'host' } } } } } },
    },
  ])('refuses $why', ({ value }) => {
    expect(validates(value)).toBe(false)
  })
})

describe('the documentation', () => {
  it('is what the grammar says', () => {
    expect(ringFileReference()).toBe(reference)
  })

  it('has every key of the grammar, with its meaning, and marks those that do not exist yet', () => {
    const keys = ringFileKeys()
    expect(keys.length).toBeGreaterThan(100)
    expect(keys.filter(({ meaning }) => !/[.:`)]$/.test(meaning))).toEqual([])
    const later = keys.filter(({ notYet }) => notYet)
    expect(later.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['triggers', 'evaluation', 'analysis', 'budget']),
    )
    for (const { key } of keys) expect(reference).toContain(key)
  })

  it('says the unit of every duration', () => {
    expect(ringFileKeys().filter(({ type, unit }) => type.startsWith('a duration') && unit === '')).toEqual([])
  })
})
