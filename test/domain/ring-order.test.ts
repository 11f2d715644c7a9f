import { describe, expect, it } from 'vitest'
import { earlierRings, findRing, firstRings, nextRings, ringsInOrder } from '../../src/domain/ring-order.ts'
import type { Solution } from '../../src/domain/solution.ts'
import { ringFileOf, ringOf, solutionOf } from '../support/ring-records.ts'

const names = (rings: readonly { readonly name: string }[]): readonly string[] => rings.map(ring => ring.name)

function inOrder(name: string, after: Readonly<Record<string, string | undefined>>): Solution {
  const rings = Object.entries(after).map(([ring, before]) =>
    ringOf(ring, { after: before, environment: `${name}-${ring}` }),
  )
  return solutionOf(name, { rings })
}

const support = inOrder('support', {
  production: 'staging',
  'production-eu': 'staging',
  dev: undefined,
  staging: 'dev',
})
const site = inOrder('site', { dev: undefined })
const ringFile = ringFileOf([support, site])

function ring(name: string): Solution['rings'][number] {
  const found = support.rings.find(one => one.name === name)
  if (found === undefined) throw new TypeError(name)
  return found
}

describe('[M4] the order of rings', () => {
  it('sorts by `after`, whatever the order of the file', () => {
    expect(names(ringsInOrder(support))).toEqual(['dev', 'staging', 'production', 'production-eu'])
  })
  it('knows the first ones', () => expect(names(firstRings(support))).toEqual(['dev']))
  it.each([
    ['dev', ['staging']],
    ['staging', ['production', 'production-eu']],
    ['production', []],
  ] as const)('after %s come %j', (name, next) => expect(names(nextRings(support, ring(name)))).toEqual(next))
  it.each([
    ['dev', []],
    ['staging', ['dev']],
    ['production-eu', ['staging', 'dev']],
  ] as const)('before %s come %j, the nearest first', (name, earlier) =>
    expect(names(earlierRings(support, ring(name)))).toEqual(earlier),
  )
  it('ends even when rings go in circles', () => {
    const circle = inOrder('circle', { a: 'c', b: 'a', c: 'b' })
    const [a] = circle.rings
    expect(a === undefined ? [] : names(earlierRings(circle, a))).toEqual(['c', 'b'])
    expect(ringsInOrder(circle)).toEqual([])
  })
})

describe('[M10] an environment names solution and ring', () => {
  it.each([
    ['support-staging', 'support', 'staging'],
    ['SITE-Dev', 'site', 'dev'],
  ])('%s is %s/%s', (environment, solution, name) => {
    const found = findRing(ringFile, environment)
    expect([found?.solution.name, found?.ring.name]).toEqual([solution, name])
  })
  it.each(['staging', '', 'support-', 'site-staging', '__proto__'])('%j is none', environment => {
    expect(findRing(ringFile, environment)).toBeUndefined()
  })
})
