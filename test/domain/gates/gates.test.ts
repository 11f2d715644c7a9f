import { describe, expect, it } from 'vitest'
import type { DeploymentRecord } from '../../../src/domain/deployment-history.ts'
import { type CommitCheckFact, checksGate } from '../../../src/domain/gates/checks-gate.ts'
import { draftsGate } from '../../../src/domain/gates/drafts-gate.ts'
import { quarantineGate } from '../../../src/domain/gates/quarantine-gate.ts'
import { ringOrderGate } from '../../../src/domain/gates/ring-order-gate.ts'
import { soakGate } from '../../../src/domain/gates/soak-gate.ts'
import { nextOpening, windowsGate } from '../../../src/domain/gates/windows-gate.ts'
import type { Freeze, Windows } from '../../../src/domain/ring.ts'
import { durationMs, epochMs } from '../../../src/domain/units.ts'
import { digestOf, minute, recordOf, ringOf } from '../../support/ring-records.ts'

const digest = digestOf(1)
const healthy: DeploymentRecord = recordOf(1, 1, { state: 'active' })

describe('drafts', () => {
  const drafts = ringOf('preview', { accepts: 'drafts' })
  it.each([
    ['a version', ringOf('dev'), 7, 'pass', 'ok'],
    ['[A20] a draft where drafts are accepted', drafts, undefined, 'pass', 'ok'],
    ['a draft where they are not', ringOf('dev'), undefined, 'fail', 'drafts_not_accepted'],
  ] as const)('%s: %4$s', (_, ring, version, verdict, reason) => {
    expect(draftsGate(ring, version)).toMatchObject({ gate: 'drafts', verdict, reason })
  })
})

describe('ring order and a healthy source', () => {
  const staging = ringOf('staging', { after: 'dev' })
  it.each([
    ['a first ring', ringOf('dev'), undefined, 'pass', 'ok', 'dev is a first ring'],
    ['it is active before', staging, [healthy], 'pass', 'ok', 'was healthy in dev'],
    [
      'it was active before',
      staging,
      [recordOf(1, 1, { state: 'superseded' }), recordOf(2, 2, { state: 'active' })],
      'pass',
      'ok',
      'was healthy in dev',
    ],
    ['it never was there', staging, [recordOf(2, 2, { state: 'active' })], 'fail', 'ring_order', 'has not been in dev'],
    ['nothing ever was there', staging, [], 'fail', 'ring_order', 'has not been in dev'],
    [
      'it was rolled back there',
      staging,
      [recordOf(1, 1, { state: 'rolled_back' })],
      'fail',
      'source_not_healthy',
      'was in dev, and not healthy there',
    ],
    [
      'it is being rolled back there',
      staging,
      [recordOf(1, 1, { state: 'rolling_back', activatedAt: minute(1) })],
      'fail',
      'source_not_healthy',
      'was in dev, and not healthy there',
    ],
    [
      'it is on its way there',
      staging,
      [recordOf(1, 1, { state: 'validating' })],
      'wait',
      'ring_order',
      'is validating in dev',
    ],
    [
      'nobody could read the ring before',
      staging,
      undefined,
      'errored',
      'github_unreachable',
      'the history of dev could not be read',
    ],
  ] as const)('%s: %4$s', (_, ring, source, verdict, reason, words) => {
    expect(ringOrderGate({ ring, digest, source })).toMatchObject({ gate: 'ring_order', verdict, reason, words })
  })
})

describe('soak', () => {
  const soak = durationMs(30 * 60_000)
  const staging = ringOf('staging', { after: 'dev', gates: { soak } })
  it.each([
    ['nothing asked for', ringOf('staging', { after: 'dev' }), [], 0, 'pass', undefined],
    ['one millisecond is left', staging, [healthy], 31 * 60_000 - 1, 'wait', 31 * 60_000],
    ['the end is inclusive', staging, [healthy], 31 * 60_000, 'pass', undefined],
    [
      'counted from the first health',
      staging,
      [recordOf(1, 1, { state: 'superseded' }), recordOf(20, 1, { state: 'active' })],
      31 * 60_000,
      'pass',
      undefined,
    ],
    [
      'a rollback begins it anew',
      staging,
      [recordOf(1, 1, { state: 'rolled_back', activatedAt: minute(1) }), recordOf(20, 1, { state: 'active' })],
      31 * 60_000,
      'wait',
      50 * 60_000,
    ],
    ['never healthy', staging, [], 31 * 60_000, 'wait', undefined],
    ['nobody could read the ring before', staging, undefined, 31 * 60_000, 'errored', undefined],
  ] as const)('%s: %5$s', (_, ring, source, now, verdict, until) => {
    const found = soakGate({ ring, digest, source }, epochMs(now))
    expect([found.verdict, found.until]).toEqual([verdict, until])
  })
  it('says how long it still takes', () => {
    expect(soakGate({ ring: staging, digest, source: [healthy] }, minute(3)).words).toBe(
      '28 min of its soak in dev are left',
    )
  })
})

describe('quarantine', () => {
  const bad = recordOf(1, 1, { state: 'rolled_back', reason: 'validation_failed' })
  it('holds in the ring and in every later one, and names where', () => {
    const rings = [
      { ring: 'production', history: [] },
      { ring: 'staging', history: [] },
      { ring: 'dev', history: [bad] },
    ]
    expect(quarantineGate(digest, rings)).toMatchObject({
      verdict: 'fail',
      reason: 'quarantined',
      words: 'was rolled back automatically in dev',
    })
    expect(quarantineGate(digestOf(2), rings)).toMatchObject({ verdict: 'pass' })
    expect(quarantineGate(digest, rings.slice(0, 2))).toMatchObject({ verdict: 'pass' })
  })
  it('ends with a release', () => {
    expect(quarantineGate(digest, [{ ring: 'dev', history: [bad] }], [{ digest, at: minute(2) }]).verdict).toBe('pass')
  })
})

describe('checks of the commit', () => {
  const check = (name: string, outcome: CommitCheckFact['outcome'], own = false): CommitCheckFact => ({
    name,
    outcome,
    own,
  })
  it.each([
    ['none asked for', 'none', [check('test', 'failed')], [], 'pass', 'no checks asked for'],
    ['all passed', 'all', [check('test', 'passed'), check('lint', 'passed')], [], 'pass', 'passed: test, lint'],
    ['one failed', 'all', [check('test', 'failed'), check('lint', 'pending')], [], 'fail', 'failed: test'],
    ['one is running', 'all', [check('test', 'passed'), check('lint', 'pending')], [], 'wait', 'still running: lint'],
    [
      '[M5] required ones passed, another failed',
      'required',
      [check('test', 'passed'), check('flaky', 'failed')],
      ['test'],
      'pass',
      'passed: test',
    ],
    [
      'a required one was never reported',
      'required',
      [check('lint', 'passed')],
      ['test'],
      'wait',
      'never reported: test',
    ],
    ['a named one is missing', ['e2e'], [check('test', 'passed')], ['test'], 'wait', 'never reported: e2e'],
    [
      'two of one name, one failed',
      ['test'],
      [check('test', 'passed'), check('test', 'failed')],
      [],
      'fail',
      'failed: test',
    ],
    [
      'two of one name, one running',
      ['test'],
      [check('test', 'passed'), check('test', 'pending')],
      [],
      'wait',
      'still running: test',
    ],
    [
      "Ringway's own never count",
      'all',
      [check('ringway/support/dev', 'pending', true), check('build', 'pending', true), check('test', 'passed')],
      [],
      'pass',
      'passed: test',
    ],
    [
      "Ringway's own cannot stand for a named one",
      ['ringway/x'],
      [check('ringway/x', 'passed', true)],
      [],
      'wait',
      'never reported: ringway/x',
    ],
    ['nothing was reported', 'all', [], [], 'pass', 'none are asked for'],
  ] as const)('%s: %5$s', (_, rule, checks, required, verdict, words) => {
    expect(checksGate({ checks: rule, ignoredChecks: [] }, { checks, required })).toMatchObject({
      gate: 'checks',
      verdict,
      words,
    })
  })
  it.each([
    ['a failed one among all', 'all', [check('test', 'passed'), check('flaky', 'failed')], [], 'pass', 'passed: test'],
    ['one that GitHub requires', 'required', [check('test', 'passed')], ['test', 'flaky'], 'pass', 'passed: test'],
    ['only what is named', 'all', [check('flaky2', 'failed')], [], 'fail', 'failed: flaky2'],
    ['all that there are', 'all', [check('flaky', 'pending')], [], 'pass', 'none are asked for'],
  ] as const)('ignores %s: %5$s', (_, rule, checks, required, verdict, words) => {
    expect(checksGate({ checks: rule, ignoredChecks: ['flaky'] }, { checks, required })).toMatchObject({
      verdict,
      words,
    })
  })
  it.each([undefined, { checks: [check('test', 'passed')], required: [], unreadable: 'GitHub answered 403' }])(
    'what could not be read whole has not passed',
    facts =>
      expect(checksGate({ checks: 'all', ignoredChecks: [] }, facts)).toMatchObject({
        verdict: 'errored',
        reason: 'github_denied',
      }),
  )
})

describe('[F17] windows and freezes', () => {
  const at = (text: string): ReturnType<typeof epochMs> => epochMs(Date.parse(text))
  const office = {
    days: [1, 2, 3, 4],
    fromMinute: 540,
    toMinute: 960,
    timezone: 'Europe/Berlin',
    text: 'Mon-Thu 09:00-16:00 Europe/Berlin',
  } as const
  const holidays: Freeze = {
    from: at('2026-12-20T00:00:00Z'),
    to: at('2027-01-03T00:00:00Z'),
    reason: 'holidays',
    except: 'hotfix',
  }
  const audit: Freeze = { from: at('2027-01-02T00:00:00Z'), to: at('2027-01-05T12:00:00Z'), reason: 'audit' }
  const windows: Windows = { allow: [office], freeze: [holidays] }
  it.each([
    ['open', windows, '2026-11-23T10:00:00Z', false, 'pass', 'ok', `inside ${office.text}`, undefined],
    [
      'closed',
      windows,
      '2026-11-27T10:00:00Z',
      false,
      'wait',
      'outside_window',
      `open only ${office.text}`,
      '2026-11-30T08:00:00Z',
    ],
    [
      'frozen inside a window',
      windows,
      '2026-12-21T10:00:00Z',
      false,
      'wait',
      'frozen',
      'frozen: holidays',
      '2027-01-04T08:00:00Z',
    ],
    [
      'a hotfix passes a freeze that excepts it',
      windows,
      '2026-12-21T10:00:00Z',
      true,
      'pass',
      'ok',
      `inside ${office.text}`,
      undefined,
    ],
    [
      'a hotfix waits for the window all the same',
      windows,
      '2026-12-25T10:00:00Z',
      true,
      'wait',
      'outside_window',
      `open only ${office.text}`,
      '2026-12-28T08:00:00Z',
    ],
    [
      'a freeze without exception holds a hotfix',
      { allow: [], freeze: [audit] },
      '2027-01-03T00:00:00Z',
      true,
      'wait',
      'frozen',
      'frozen: audit',
      '2027-01-05T12:00:00Z',
    ],
    [
      'two freezes that overlap',
      { allow: [office], freeze: [holidays, audit] },
      '2027-01-01T00:00:00Z',
      false,
      'wait',
      'frozen',
      'frozen: holidays',
      '2027-01-05T12:00:00Z',
    ],
    [
      'a freeze that begins before the opening',
      { allow: [office], freeze: [holidays] },
      '2026-12-19T12:00:00Z',
      false,
      'wait',
      'outside_window',
      `open only ${office.text}`,
      '2027-01-04T08:00:00Z',
    ],
    [
      'the first instant of a freeze',
      { allow: [], freeze: [holidays] },
      '2026-12-20T00:00:00Z',
      false,
      'wait',
      'frozen',
      'frozen: holidays',
      '2027-01-03T00:00:00Z',
    ],
    [
      'the end of a freeze is exclusive',
      { allow: [], freeze: [holidays] },
      '2027-01-03T00:00:00Z',
      false,
      'pass',
      'ok',
      'open at any time',
      undefined,
    ],
    ['no rules', { allow: [], freeze: [] }, '2026-11-27T10:00:00Z', false, 'pass', 'ok', 'open at any time', undefined],
  ] as const)('%s: %5$s', (_, rules, now, hotfix, verdict, reason, words, until) => {
    const found = windowsGate(rules, at(now), hotfix)
    expect(found).toMatchObject({ gate: 'windows', verdict, reason, words })
    expect(found.until).toBe(until === undefined ? undefined : at(until))
  })
  it('has no opening in sight when no window has a day', () => {
    expect(nextOpening({ allow: [{ ...office, days: [] }], freeze: [] }, at('2026-11-23T10:00:00Z'))).toBeUndefined()
  })
})
