import { describe, expect, it } from 'vitest'
import { evaluateGates, type GateFacts } from '../../../src/domain/gates/evaluate-gates.ts'
import { durationMs } from '../../../src/domain/units.ts'
import { digestOf, minute, recordOf, ringOf } from '../../support/ring-records.ts'

const ring = ringOf('staging', {
  after: 'dev',
  gates: {
    soak: durationMs(60_000),
    checks: ['test'],
    windows: { allow: [], freeze: [{ from: minute(100), to: minute(200), reason: 'audit', except: 'hotfix' }] },
    approvals: {
      count: 1,
      from: [],
      self: true,
      authors: true,
      expiry: durationMs(600_000),
      githubReviews: 'count',
    },
  },
})
const good: GateFacts = {
  ring,
  candidate: { version: 1, digest: digestOf(1) },
  now: minute(10),
  rings: [
    { ring: 'staging', history: [] },
    { ring: 'dev', history: [recordOf(1, 1, { state: 'active' })] },
  ],
  checks: { checks: [{ name: 'test', outcome: 'passed', own: false }], required: [] },
  reviewedOnGithub: true,
}
const verdictsOf = (facts: GateFacts): Record<string, string> =>
  Object.fromEntries(evaluateGates(facts).verdicts.map(gate => [gate.gate, gate.verdict]))

describe('all gates together', () => {
  it('pass when each passes', () => {
    expect(evaluateGates(good).decision).toBe('pass')
  })
  it('are all asked, in the order in which people read them, whatever one says', () => {
    const bad: GateFacts = {
      ...good,
      candidate: { version: undefined, digest: digestOf(2) },
      now: minute(150),
      checks: undefined,
      reviewedOnGithub: false,
    }
    expect(verdictsOf(bad)).toEqual({
      drafts: 'fail',
      ring_order: 'fail',
      quarantine: 'pass',
      soak: 'wait',
      checks: 'errored',
      windows: 'wait',
      approvals: 'fail',
    })
    expect(evaluateGates(bad).decision).toBe('refuse')
  })
  it.each<[string, Partial<GateFacts>, 'pass' | 'wait' | 'refuse']>([
    ['a freeze only waits', { now: minute(150) }, 'wait'],
    ['a hotfix passes the freeze', { now: minute(150), hotfix: true }, 'pass'],
    ['what cannot be asked holds and does not refuse', { checks: undefined }, 'wait'],
    ['a source that nobody could read holds', { rings: [{ ring: 'staging', history: [] }] }, 'wait'],
    [
      'one refusal is enough',
      { checks: { checks: [{ name: 'test', outcome: 'failed', own: false }], required: [] } },
      'refuse',
    ],
    [
      'quarantine refuses',
      {
        rings: [
          { ring: 'staging', history: [recordOf(3, 1, { state: 'rolled_back', reason: 'validation_failed' })] },
          ...good.rings.slice(1),
        ],
      },
      'refuse',
    ],
    [
      'a release lets it pass',
      {
        rings: [
          { ring: 'staging', history: [recordOf(3, 1, { state: 'rolled_back', reason: 'validation_failed' })] },
          ...good.rings.slice(1),
        ],
        releases: [{ digest: digestOf(1), at: minute(4) }],
      },
      'pass',
    ],
  ])('%s: %3$s', (_, change, decision) => {
    expect(evaluateGates({ ...good, ...change }).decision).toBe(decision)
  })
  it('says what to do wherever a gate refuses', () => {
    const bad = {
      ...good,
      candidate: { version: undefined, digest: digestOf(2) },
      reviewedOnGithub: false,
    }
    const refusing = evaluateGates(bad).verdicts.filter(gate => gate.verdict === 'fail')
    expect(refusing).toHaveLength(3)
    expect(refusing.every(gate => gate.remedy?.endsWith('.'))).toBe(true)
  })
})
