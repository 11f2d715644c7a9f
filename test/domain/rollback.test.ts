import { describe, expect, it } from 'vitest'
import { type DeploymentState, deploymentStates } from '../../src/domain/deployment.ts'
import { activeDeployment } from '../../src/domain/deployment-history.ts'
import { completeRollback, planRollback } from '../../src/domain/rollback.ts'
import { digestOf, minute, recordOf } from '../support/ring-records.ts'

const history = [
  recordOf(1, 1, { state: 'superseded' }),
  recordOf(2, 2, { state: 'superseded' }),
  recordOf(3, 3, { state: 'rolled_back', reason: 'validation_failed' }),
  recordOf(4, 4, { state: 'active' }),
]
const to = (version: number): { version: number; digest: ReturnType<typeof digestOf> } => ({
  version,
  digest: digestOf(version),
})

describe('[M17] [C17] planning a rollback', () => {
  it('goes to the last one that was active and healthy', () => {
    const plan = planRollback({ ring: 'production', history })
    expect(plan).toEqual({ kind: 'planned', bad: history[3], target: history[1] })
  })
  it('[C13] goes to any proven version that is named', () => {
    expect(planRollback({ ring: 'production', history, to: to(1) })).toEqual({
      kind: 'planned',
      bad: history[3],
      target: history[0],
    })
  })
  it('may be tried again while the bad one is still rolling back', () => {
    const again = history.map(record =>
      record.id === 4 ? recordOf(4, 4, { state: 'rolling_back', activatedAt: minute(4) }) : record,
    )
    expect(planRollback({ ring: 'production', history: again })).toMatchObject({
      kind: 'planned',
      bad: { id: 4 },
      target: { id: 2 },
    })
  })
  it.each([
    {
      why: 'nothing is active',
      request: { ring: 'production', history: history.slice(2, 3) },
      reason: 'no_rollback_target',
      message: 'Nothing is active in production, so there is nothing to roll back.',
    },
    {
      why: 'nothing came before',
      request: { ring: 'production', history: history.slice(2) },
      reason: 'no_rollback_target',
      message: 'No version before v4 was active and healthy in production.',
    },
    {
      why: 'the named one is what is active',
      request: { ring: 'production', history, to: to(4) },
      reason: 'already_active',
      message: 'production points to v4 already.',
    },
    {
      why: 'the named one was rolled back',
      request: { ring: 'production', history, to: to(3) },
      reason: 'no_rollback_target',
      message: 'v3 was in production, and was rolled back there or never became active.',
    },
    {
      why: 'the named one never was there',
      request: { ring: 'production', history, to: to(9) },
      reason: 'no_rollback_target',
      message: 'v9 was never in production.',
    },
  ])('is refused when $why', ({ request, reason, message }) => {
    const plan = planRollback(request)
    expect(plan).toMatchObject({ kind: 'refused', reason, message })
    expect(plan.kind === 'refused' && plan.remedy).toMatch(/^(Deploy|Fix|Name) .+\.$/)
  })
})

describe('[A10] the restored one becomes active in the same step in which the bad one ends', () => {
  it('gives both next states at once', () => {
    expect(completeRollback({ bad: 'rolling_back', restoring: 'validating' })).toEqual({
      bad: 'rolled_back',
      restoring: 'active',
    })
  })
  const pairs = deploymentStates.flatMap(bad => deploymentStates.map(restoring => ({ bad, restoring })))
  it('never moves only one of the two', () => {
    const possible = pairs.filter(pair => {
      try {
        completeRollback(pair)
        return true
      } catch {
        return false
      }
    })
    expect(possible).toEqual([{ bad: 'rolling_back', restoring: 'validating' }])
  })
  it('[M11] the ring points to one deployment before, between and after the two writes', () => {
    const at = (bad: DeploymentState, restoring: DeploymentState): number | undefined =>
      activeDeployment([
        recordOf(1, 1, { state: 'superseded' }),
        recordOf(2, 2, { state: bad, activatedAt: minute(2) }),
        recordOf(3, 1, { state: restoring, task: 'rollback' }),
      ])?.id
    expect(at('rolling_back', 'validating')).toBe(2)
    expect(at('rolling_back', 'active')).toBe(3)
    expect(at('rolled_back', 'active')).toBe(3)
  })
})
