import { describe, expect, it } from 'vitest'
import type { RingReference, RunCommand } from '../../../src/domain/command/command.ts'
import { resolveRing, resolveRun, resolveWaiting } from '../../../src/domain/command/resolve-ring.ts'
import type { Component, RingFile } from '../../../src/domain/solution.ts'
import { ringFileOf, ringOf, solutionOf } from '../../support/ring-records.ts'

function component(name: string): Component {
  return { name, kind: 'agent', files: [], uses: [], tools: [], connectors: [], secrets: [] }
}

const support = solutionOf('support', {
  components: [component('triage'), component('lookup')],
  rings: [ringOf('dev'), ringOf('staging', { after: 'dev' }), ringOf('production', { after: 'staging' })],
})
const billing = solutionOf('billing', {
  components: [component('invoice'), component('lookup')],
  rings: [ringOf('dev'), ringOf('eu', { after: 'dev' }), ringOf('us', { after: 'dev' })],
})
const ringFile: RingFile = ringFileOf([support, billing])

const resolve = (reference: RingReference): string => {
  const found = resolveRing(ringFile, reference)
  return found.kind === 'ring'
    ? `${found.solution.name}/${found.ring.name}`
    : `${found.code}: ${found.message} ${found.remedy}`
}

describe('the ring that a command means', () => {
  it.each<[RingReference, string]>([
    [{ ring: 'staging' }, 'support/staging'],
    [{ ring: 'eu' }, 'billing/eu'],
    [{ solution: 'billing', ring: 'dev' }, 'billing/dev'],
    [{ ring: 'dev' }, 'ring_ambiguous: 2 solutions have `dev`. Write `support/dev` or `billing/dev`.'],
    [{ ring: 'prod' }, 'unknown_ring: The ring file declares no ring `prod`. Did you mean `production`?'],
    [{ ring: 'Staging' }, 'unknown_ring: The ring file declares no ring `Staging`. Did you mean `staging`?'],
    [
      { ring: 'qa' },
      'unknown_ring: The ring file declares no ring `qa`. It has `dev`, `staging`, `production`, `eu`, `us`.',
    ],
    [
      { solution: 'support', ring: 'eu' },
      'unknown_ring: The ring file declares no ring `support/eu`. It has `dev`, `staging`, `production`.',
    ],
    [
      { solution: 'suport', ring: 'dev' },
      'unknown_solution: The ring file declares no solution `suport`. Did you mean `support`?',
    ],
  ])('%j', (reference, expected) => expect(resolve(reference)).toBe(expected))

  it('names some of hundreds', () => {
    const many = Array.from({ length: 300 }, (_, n) => solutionOf(`s${n}`, { components: [], rings: [ringOf('dev')] }))
    const found = resolveRing(ringFileOf(many), { ring: 'dev' })
    expect(found.kind === 'refused' && found.remedy.length).toBeLessThan(200)
  })
})

describe('the promotion that a command answers', () => {
  const waiting = [
    { solution: 'support', ring: 'staging' },
    { solution: 'support', ring: 'production' },
    { solution: 'billing', ring: 'production' },
  ] as const
  const resolve = (reference: RingReference | undefined, of: readonly (typeof waiting)[number][]): unknown => {
    const found = resolveWaiting(of, reference)
    return found.kind === 'waiting' ? of.indexOf(found.one) : `${found.code}: ${found.message} ${found.remedy}`
  }
  it.each<[RingReference | undefined, number, unknown]>([
    [undefined, 0, 'nothing_waiting: No promotion waits for this. Promote first.'],
    [undefined, 1, 0],
    [
      undefined,
      2,
      'ring_ambiguous: 2 promotions wait: `support/staging`, `support/production`. Name the ring of one of them.',
    ],
    [{ ring: 'staging' }, 3, 0],
    [{ solution: 'billing', ring: 'production' }, 3, 2],
    [
      { ring: 'production' },
      3,
      'ring_ambiguous: 2 promotions wait: `support/production`, `billing/production`. Name the ring of one of them.',
    ],
    [
      { ring: 'dev' },
      1,
      'nothing_waiting: No promotion into `dev` waits for this. Name one that waits: `support/staging`.',
    ],
  ])('%j of %i', (reference, count, expected) => expect(resolve(reference, waiting.slice(0, count))).toEqual(expected))
})

describe('what a run is started of', () => {
  const resolve = (run: Omit<RunCommand, 'kind' | 'input'>): string => {
    const found = resolveRun(ringFile, { kind: 'run', input: {}, ...run })
    return found.kind === 'ring'
      ? `${found.solution.name}/${found.component.name} in ${found.ring.name}`
      : `${found.code}: ${found.message} ${found.remedy}`
  }
  it.each<[Omit<RunCommand, 'kind' | 'input'>, string]>([
    [{ component: 'triage' }, 'support/triage in production'],
    [{ component: 'triage', ring: 'dev' }, 'support/triage in dev'],
    [{ solution: 'support', component: 'lookup' }, 'support/lookup in production'],
    [{ component: 'invoice', ring: 'us' }, 'billing/invoice in us'],
    [{ component: 'lookup' }, 'ring_ambiguous: 2 solutions have `lookup`. Write `support/lookup` or `billing/lookup`.'],
    [{ component: 'invoice' }, 'ring_ambiguous: billing has 2 last rings: `eu`, `us`. Name one, as in `--ring eu`.'],
    [
      { component: 'triage', ring: 'eu' },
      'unknown_ring: The ring file declares no ring `eu`. It has `dev`, `staging`, `production`.',
    ],
    [{ component: 'triag' }, 'unknown_component: The ring file declares no component `triag`. Did you mean `triage`?'],
    [
      { solution: 'x', component: 'triage' },
      'unknown_solution: The ring file declares no solution `x`. It has `support`, `billing`.',
    ],
  ])('%j', (run, expected) => expect(resolve(run)).toBe(expected))
})
