import { describe, expect, it } from 'vitest'
import { type RollbackReadiness, rollbackReadyGate } from '../../../src/domain/gates/rollback-ready-gate.ts'

const ready: RollbackReadiness = {
  kind: 'known',
  target: 'v41',
  artifact: 'equal',
  configuration: true,
  missingSecrets: [],
}

describe('[F8] the version that the ring would go back to', () => {
  it.each<[string, RollbackReadiness, 'pass' | 'fail' | 'errored', string, string]>([
    ['none', { kind: 'no_target' }, 'pass', 'ok', 'a first deployment: there is nothing to go back to'],
    ['is ready', ready, 'pass', 'ok', 'v41 could be restored'],
    [
      'is gone',
      { ...ready, artifact: 'missing' },
      'fail',
      'rollback_not_ready',
      'v41 could not be restored: the store no longer holds its artifact',
    ],
    [
      'is another',
      { ...ready, artifact: 'differs' },
      'fail',
      'rollback_not_ready',
      'v41 could not be restored: what the store holds is not its artifact',
    ],
    [
      'has no configuration',
      { ...ready, configuration: false },
      'fail',
      'rollback_not_ready',
      'v41 could not be restored: its configuration snapshot is gone',
    ],
    [
      'lacks a secret',
      { ...ready, missingSecrets: ['KEY'] },
      'fail',
      'rollback_not_ready',
      'v41 could not be restored: its secret KEY is gone',
    ],
    [
      'lacks everything',
      { ...ready, artifact: 'missing', configuration: false, missingSecrets: ['A', 'B'] },
      'fail',
      'rollback_not_ready',
      'v41 could not be restored: the store no longer holds its artifact; its configuration snapshot is gone; its secrets A, B are gone',
    ],
    [
      'is not known',
      { kind: 'unknown', target: 'v41', words: 'the store answered 503' },
      'errored',
      'store_unreachable',
      'whether v41 could be restored is not known: the store answered 503',
    ],
  ])('%s: %3$s', (_, readiness, verdict, reason, words) => {
    expect(rollbackReadyGate('required', readiness)).toMatchObject({ gate: 'rollback_ready', verdict, reason, words })
    expect(rollbackReadyGate('shown', readiness)).toMatchObject({ verdict: 'pass', words })
  })
})
