import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConfigLayer, type ConfigValue, configOrigins } from '../../src/domain/configuration.ts'
import { diffConfiguration, effectiveConfiguration } from '../../src/domain/effective-configuration.ts'

const none = { organisation: {}, repository: {}, solution: {}, ring: {} }

describe('[M18] layers of configuration', () => {
  it('the narrower layer wins, and each value knows where it comes from', () => {
    const effective = effectiveConfiguration({
      organisation: { REGION: 'eu', LOG_LEVEL: 'warn', TIMEOUT: 5 },
      repository: { LOG_LEVEL: 'info', TIMEOUT: 10 },
      solution: { TIMEOUT: 20, FEATURE: false },
      ring: { FEATURE: true },
    })
    expect(effective.values).toEqual({ FEATURE: true, LOG_LEVEL: 'info', REGION: 'eu', TIMEOUT: 20 })
    expect(effective.origins).toEqual({
      FEATURE: 'ring',
      LOG_LEVEL: 'repository',
      REGION: 'organisation',
      TIMEOUT: 'solution',
    })
    expect(Object.keys(effective.values)).toEqual(['FEATURE', 'LOG_LEVEL', 'REGION', 'TIMEOUT'])
  })

  it('a value that is set again to the same comes from the narrower layer', () => {
    expect(effectiveConfiguration({ ...none, repository: { A: 1 }, ring: { A: 1 } }).origins).toEqual({ A: 'ring' })
  })

  it('[M1] a ring never sees the layer of another', () => {
    const solution = { URL: 'https://example.test' }
    const dev = effectiveConfiguration({ ...none, solution, ring: { DEV_ONLY: 'yes' } })
    const production = effectiveConfiguration({ ...none, solution, ring: {} })
    expect(dev.values).toHaveProperty('DEV_ONLY')
    expect(production.values).toEqual(solution)
  })

  it('takes a name like any other, also __proto__', () => {
    const layer: ConfigLayer = JSON.parse('{"__proto__": "x", "toString": "y"}')
    const { values, origins } = effectiveConfiguration({ ...none, ring: layer })
    expect(Object.entries(values)).toEqual([
      ['__proto__', 'x'],
      ['toString', 'y'],
    ])
    expect(Object.keys(origins)).toEqual(['__proto__', 'toString'])
    expect(Object.prototype.toString.call({})).toBe('[object Object]')
  })
})

describe('[M18] the difference between two configurations', () => {
  const of = (ring: ConfigLayer, solution: ConfigLayer = {}): ReturnType<typeof effectiveConfiguration> =>
    effectiveConfiguration({ ...none, solution, ring })

  it('names what is new, changed and gone, and the layer it comes from', () => {
    expect(diffConfiguration(of({ B: 1 }, { A: 'x', C: true }), of({ A: 'y', D: 0 }, { A: 'x', C: true }))).toEqual([
      { name: 'A', before: 'x', after: 'y', origin: 'ring' },
      { name: 'B', before: 1, after: undefined, origin: 'ring' },
      { name: 'D', before: undefined, after: 0, origin: 'ring' },
    ])
  })
  it.each<[ConfigValue, ConfigValue]>([
    [1, '1'],
    [true, 'true'],
    [0, false],
    ['', false],
  ])('%j and %j differ', (before, after) => {
    expect(diffConfiguration(of({ A: before }), of({ A: after }))).toHaveLength(1)
  })
  it('a value that only moves to another layer is no difference for what runs', () => {
    expect(diffConfiguration(of({ A: 1 }), of({}, { A: 1 }))).toEqual([])
  })
  it('finds no inherited value', () => {
    expect(diffConfiguration(of({}), of({ constructor: 'x' }))).toEqual([
      { name: 'constructor', before: undefined, after: 'x', origin: 'ring' },
    ])
  })

  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean())
  const layer = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'toString'), value)
  const layers = fc.record({ organisation: layer, repository: layer, solution: layer, ring: layer })
  it('applied to the one configuration gives the other', () => {
    fc.assert(
      fc.property(layers, layers, (a, b) => {
        const [before, after] = [effectiveConfiguration(a), effectiveConfiguration(b)]
        const applied = new Map(Object.entries(before.values))
        for (const change of diffConfiguration(before, after)) {
          if (change.after === undefined) applied.delete(change.name)
          else applied.set(change.name, change.after)
        }
        expect(applied).toEqual(new Map(Object.entries(after.values)))
      }),
      { numRuns: 300, seed: 18 },
    )
  })
  it('the value is that of the narrowest layer that has the name', () => {
    fc.assert(
      fc.property(layers, a => {
        const { values, origins } = effectiveConfiguration(a)
        for (const [name, origin] of Object.entries(origins)) {
          const narrower = configOrigins.slice(configOrigins.indexOf(origin) + 1)
          expect(a[origin][name]).toBe(values[name])
          expect(narrower.some(other => Object.hasOwn(a[other], name))).toBe(false)
        }
      }),
      { numRuns: 300, seed: 18 },
    )
  })
})
