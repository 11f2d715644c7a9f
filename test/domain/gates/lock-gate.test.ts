import { describe, expect, it } from 'vitest'
import { lockGate } from '../../../src/domain/gates/lock-gate.ts'
import type { RingLock } from '../../../src/domain/ring-lock.ts'
import { minute } from '../../support/ring-records.ts'

const ada = { id: 1, login: 'ada' }
const bob = { id: 2, login: 'bob' }
const lock: RingLock = {
  ring: { solution: 'support', ring: 'production' },
  by: ada,
  reason: 'incident 12',
  since: minute(1),
  until: undefined,
  pullRequest: undefined,
}
const everywhere: RingLock = { ...lock, ring: undefined, reason: undefined }

describe('a lock', () => {
  it.each([
    ['none', [], bob, 'pass', 'not locked', undefined],
    ['of somebody else', [lock], bob, 'wait', 'locked by @ada: incident 12', undefined],
    ['of every ring', [everywhere], bob, 'wait', 'every ring is locked by @ada', undefined],
    ['of whoever promotes', [lock, everywhere], ada, 'pass', 'locked by whoever promotes', undefined],
    [
      'of an older login of whoever promotes',
      [lock],
      { id: 1, login: 'lovelace' },
      'pass',
      'locked by whoever promotes',
      undefined,
    ],
    [
      'of somebody whose login was taken over',
      [lock],
      { id: 3, login: 'ada' },
      'wait',
      'locked by @ada: incident 12',
      undefined,
    ],
    ['when versions move by themselves', [lock], undefined, 'wait', 'locked by @ada: incident 12', undefined],
    ['with an end', [{ ...lock, until: minute(11) }], bob, 'wait', 'locked by @ada: incident 12', minute(11)],
    ['that has just ended', [{ ...lock, until: minute(10) }], bob, 'pass', 'not locked', undefined],
    [
      'one with an end and one without',
      [
        { ...lock, until: minute(11) },
        { ...everywhere, by: { id: 3, login: 'eve' } },
      ],
      bob,
      'wait',
      'locked by @ada: incident 12; every ring is locked by @eve',
      undefined,
    ],
    [
      'two with an end: the later one',
      [
        { ...lock, until: minute(11) },
        { ...everywhere, until: minute(12) },
      ],
      bob,
      'wait',
      'locked by @ada: incident 12; every ring is locked by @ada',
      minute(12),
    ],
  ] as const)('%s: %4$s', (_, locks, requester, verdict, words, until) => {
    const found = lockGate({ locks, requester }, minute(10))
    expect(found).toMatchObject({ gate: 'lock', verdict, words, reason: verdict === 'pass' ? 'ok' : 'locked' })
    expect(found.until).toBe(until)
  })
  it('says how it is ended', () => {
    expect(lockGate({ locks: [lock], requester: bob }, minute(10)).remedy).toContain('`/unlock production`')
    expect(lockGate({ locks: [everywhere], requester: bob }, minute(10)).remedy).toContain('`/unlock`')
  })
})
