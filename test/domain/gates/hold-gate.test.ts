import { expect, it } from 'vitest'
import { holdGate } from '../../../src/domain/gates/hold-gate.ts'
import { recordOf } from '../../support/ring-records.ts'

const good = recordOf(1, 1, { state: 'superseded' })
const bad = recordOf(2, 2, { state: 'rolled_back' })
const restored = recordOf(3, 1, { state: 'active', task: 'rollback' })
const promoted = recordOf(4, 3, { state: 'active' })

it.each([
  ['a version that somebody asked for, after a rollback', [good, bad, restored], 'person', 'pass'],
  ['one that moves by itself, after a rollback', [good, bad, restored], 'ring_before', 'wait'],
  [
    'one that moves by itself, while it is rolled back',
    [good, { ...bad, state: 'rolling_back' }],
    'ring_before',
    'wait',
  ],
  ['one that moves by itself, once somebody has promoted', [good, bad, restored, promoted], 'ring_before', 'pass'],
  ['one that moves by itself, into a ring that is new', [], 'ring_before', 'pass'],
  ['a push, after a version that did not pass', [good, bad], 'push', 'pass'],
  [
    'a push, after a rollback by a person',
    [good, { ...bad, reason: 'rolled_back_by_person' }, restored],
    'push',
    'wait',
  ],
] as const)('%s: %4$s', (_, history, origin, verdict) => {
  const reason = verdict === 'pass' ? 'ok' : 'held_after_rollback'
  expect(holdGate('staging', { history, origin })).toMatchObject({ gate: 'hold', verdict, reason })
})
