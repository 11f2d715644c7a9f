import { describe, expect, it } from 'vitest'
import type { AppFacts } from '../../../src/domain/gates/app-gates.ts'
import { evaluateGates, type GateFacts } from '../../../src/domain/gates/evaluate-gates.ts'
import { gateNames } from '../../../src/domain/gates/gate-verdict.ts'
import type { RingGates } from '../../../src/domain/ring.ts'
import { durationMs } from '../../../src/domain/units.ts'
import { digestOf, gatesOf, minute, recordOf, ringOf } from '../../support/ring-records.ts'

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

describe('with the App', () => {
  const requester = { id: 1, login: 'ada' }
  const binding = { candidate: digestOf(1), ring: 'staging', baseline: undefined, policy: 'p1' }
  const app: AppFacts = {
    requester,
    origin: 'person',
    approvals: {
      authors: [],
      binding,
      answers: [
        { person: { id: 2, login: 'bob' }, teams: [], answer: 'approved', binding, at: minute(9), via: 'ringway' },
      ],
    },
    locks: [],
    pullRequest: { kind: 'none' },
    interfaces: { candidate: { components: [] }, running: [] },
    configuration: {
      needs: { secrets: [], connectors: [], values: [] },
      environment: { secrets: [], variables: [] },
      values: [],
    },
    subAgents: [],
    rollback: { kind: 'no_target' },
    budget: undefined,
  }
  const known: GateFacts = { ...good, reviewedOnGithub: false, app }
  const lock = { ring: undefined, reason: undefined, since: minute(1), until: minute(20), pullRequest: undefined }
  const held = [
    { ring: 'staging', history: [recordOf(1, 9, { state: 'active' }), recordOf(2, 8, { state: 'rolled_back' })] },
    ...good.rings.slice(1),
  ]

  it('[M5] every gate is asked, in the order in which people read them, and passes when each does', () => {
    const { decision, verdicts } = evaluateGates(known)
    expect(verdicts.map(({ gate }) => gate)).toEqual(gateNames.filter(name => name !== 'requester'))
    expect(decision).toBe('pass')
  })
  it.each<[string, Partial<AppFacts>, Partial<GateFacts>, 'pass' | 'wait' | 'refuse', string]>([
    ['a lock', { locks: [{ ...lock, by: { id: 3, login: 'eve' } }] }, {}, 'wait', 'lock'],
    ['a lock of whoever promotes', { locks: [{ ...lock, by: requester }] }, {}, 'pass', ''],
    ['a lock of whoever set it off', { locks: [{ ...lock, by: requester }], origin: 'push' }, {}, 'wait', 'lock'],
    ['a hold', { origin: 'ring_before' }, { rings: held }, 'wait', 'hold'],
    ['a hold, and somebody asked', {}, { rings: held }, 'pass', ''],
    [
      'a fork',
      {
        pullRequest: {
          kind: 'known',
          pullRequest: { number: 1, state: 'open', isDraft: false, isFromFork: true, labels: [] },
        },
      },
      {},
      'refuse',
      'review',
    ],
    [
      'a sub-agent that is not there',
      { subAgents: [{ name: 'a/b', pinned: false, published: true, deployed: false }] },
      {},
      'refuse',
      'sub_agents',
    ],
    [
      'a secret that is not there',
      {
        configuration: { ...app.configuration, needs: { secrets: ['KEY'], connectors: [], values: [] } },
      },
      {},
      'refuse',
      'configuration',
    ],
    ['nobody approved', { approvals: { ...app.approvals, answers: [] } }, {}, 'wait', 'approvals'],
  ])('%s: %4$s', (_, facts, more, decision, gate) => {
    const found = evaluateGates({ ...known, ...more, app: { ...app, ...facts } })
    expect([found.decision, found.verdicts.find(({ verdict }) => verdict !== 'pass')?.gate ?? '']).toEqual([
      decision,
      gate,
    ])
  })
})

describe('without the App', () => {
  it.each<[string, Partial<RingGates>]>([
    ['review', { pullRequest: { ...gatesOf().pullRequest, review: 'required' } }],
    ['compatibility', { compatibility: 'block' }],
    ['rollback_ready', { rollbackReady: 'required' }],
    ['budget', { budget: 'required' }],
  ])('%s refuses where the ring asks for it, and is left out where it does not', (gate, gates) => {
    expect(verdictsOf(good)).not.toHaveProperty(gate)
    const { decision, verdicts } = evaluateGates({ ...good, ring: { ...ring, gates: { ...ring.gates, ...gates } } })
    expect(decision).toBe('refuse')
    expect(verdicts.find(({ verdict }) => verdict === 'fail')).toMatchObject({ gate, reason: 'app_required' })
  })
})

describe('an override', () => {
  const override = { by: { id: 5, login: 'root' }, reason: 'outage' }
  const fresh: GateFacts = {
    ...good,
    rings: [
      { ring: 'staging', history: [] },
      { ring: 'dev', history: [] },
    ],
    override,
  }

  it('skips ring order and soak, and says who and why', () => {
    const skipped = { verdict: 'pass', reason: 'overridden', words: 'skipped by @root: outage' }
    const { decision, verdicts } = evaluateGates(fresh)
    expect(decision).toBe('pass')
    expect(verdicts).toMatchObject([
      { gate: 'drafts', reason: 'ok' },
      skipped,
      { gate: 'quarantine' },
      skipped,
      {},
      {},
      {},
    ])
  })
  it('leaves alone what passes by itself', () => {
    expect(evaluateGates({ ...good, override }).verdicts.map(({ reason }) => reason)).not.toContain('overridden')
  })
  it.each<[string, Partial<GateFacts>]>([
    ['a draft', { candidate: { version: undefined, digest: digestOf(1) } }],
    [
      'what is in quarantine',
      {
        rings: [{ ring: 'staging', history: [recordOf(3, 1, { state: 'rolled_back', reason: 'validation_failed' })] }],
      },
    ],
    ['failed checks', { checks: { checks: [{ name: 'test', outcome: 'failed', own: false }], required: [] } }],
    ['missing approvals', { reviewedOnGithub: false }],
  ])('never lets %s in', (_, change) => {
    expect(evaluateGates({ ...fresh, ...change }).decision).toBe('refuse')
  })
  it('never opens a window', () => {
    expect(evaluateGates({ ...fresh, now: minute(150) }).decision).toBe('wait')
  })
})
