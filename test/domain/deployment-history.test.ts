import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentState, deploymentEvents, transition } from '../../src/domain/deployment.ts'
import {
  activeDeployment,
  autoPromotionHeld,
  type DeploymentRecord,
  displaced,
  healthySince,
  isQuarantined,
  lastHealthy,
  overtakenBy,
  quarantinedDigests,
  rollbackTarget,
  unfinished,
} from '../../src/domain/deployment-history.ts'
import { digestOf, minute, recordOf } from '../support/ring-records.ts'

const superseded = (id: number, version: number): DeploymentRecord => recordOf(id, version, { state: 'superseded' })
const active = (id: number, version: number): DeploymentRecord => recordOf(id, version, { state: 'active' })
/** Failed its checks before it became active. */
const refused = (id: number, version: number): DeploymentRecord =>
  recordOf(id, version, { state: 'rolled_back', reason: 'validation_failed' })
/** Was active, and a person rolled it back. */
const regretted = (id: number, version: number): DeploymentRecord =>
  recordOf(id, version, { state: 'rolled_back', reason: 'rolled_back_by_person', activatedAt: minute(id) })
const cancelled = (id: number, version: number): DeploymentRecord =>
  recordOf(id, version, { state: 'rolled_back', reason: 'cancelled' })

describe('what a ring points to', () => {
  it.each([
    { why: 'nothing happened', history: [], id: undefined },
    { why: 'one is active', history: [superseded(1, 1), active(2, 2)], id: 2 },
    { why: 'a candidate is on its way', history: [active(1, 1), recordOf(2, 2, { state: 'validating' })], id: 1 },
    { why: 'a candidate failed', history: [active(1, 1), refused(2, 2)], id: 1 },
    { why: 'a first one failed', history: [refused(1, 1)], id: undefined },
    {
      why: 'a candidate is being put back',
      history: [active(1, 1), recordOf(2, 2, { state: 'rolling_back' })],
      id: 1,
    },
    {
      why: 'it is being rolled back',
      history: [superseded(1, 1), recordOf(2, 2, { state: 'rolling_back', activatedAt: minute(2) })],
      id: 2,
    },
    {
      why: 'the restored one is active and the bad one not yet ended',
      history: [superseded(1, 1), recordOf(2, 2, { state: 'rolling_back', activatedAt: minute(2) }), active(3, 1)],
      id: 3,
    },
  ])('$id when $why', ({ history, id }) => expect(activeDeployment(history)?.id).toBe(id))

  it('[M11] between the two writes of a move the newer activation is the pointer, and the older is displaced', () => {
    const older = recordOf(9, 1, { state: 'active', activatedAt: minute(10) })
    const newer = recordOf(8, 2, { state: 'active', activatedAt: minute(20) })
    expect(activeDeployment([newer, older])?.id).toBe(8)
    expect(displaced([newer, older])).toEqual([older])
    expect(displaced([superseded(1, 1), active(2, 2)])).toEqual([])
  })

  it('[M11] points to exactly one after every write, also when a run is lost between two', () => {
    const step = fc.record({ deployment: fc.nat(4), event: fc.constantFrom(...deploymentEvents), lost: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const records = new Map<number, DeploymentRecord>()
        let pointer: number | undefined
        let now = 0
        const write = (record: DeploymentRecord, state: DeploymentState): void => {
          now += 1
          const activatedAt = state === 'active' ? minute(now) : record.activatedAt
          records.set(record.id, { ...record, state, since: minute(now), activatedAt })
        }
        for (const { deployment, event, lost } of steps) {
          const record = records.get(deployment) ?? recordOf(deployment, deployment, { state: 'queued' })
          // What displaces writes the end of the displaced one itself; a rollback from active has its own restoring record.
          if (event === 'took_over' || event === 'rollback_ordered') continue
          let state: DeploymentState
          try {
            state = transition(record.state, event)
          } catch {
            continue
          }
          write(record, state)
          if (state !== 'active') continue
          pointer = deployment
          if (lost) continue
          for (const other of displaced([...records.values()])) write(other, transition(other.state, 'took_over'))
        }
        const history = [...records.values()]
        expect(activeDeployment(history)?.id).toBe(pointer)
        const still = history.filter(record => record.state === 'active')
        expect(still.length).toBe(displaced(history).length + (pointer === undefined ? 0 : 1))
      }),
      { numRuns: 500, seed: 11 },
    )
  })

  it('unfinished are those that neither ended nor became active', () => {
    const history = [
      superseded(1, 1),
      recordOf(2, 2, { state: 'rolling_back', activatedAt: minute(2) }),
      recordOf(3, 3, { state: 'rolling_back' }),
      recordOf(4, 4, { state: 'queued' }),
      recordOf(5, 5, { state: 'failed' }),
    ]
    expect(unfinished(history).map(record => record.id)).toEqual([3, 4])
  })
})

describe('[M17] the target of a rollback', () => {
  it.each([
    { why: 'the one before', history: [superseded(1, 1), superseded(2, 2), active(3, 3)], version: 2 },
    { why: 'not one that failed its checks', history: [superseded(1, 1), refused(2, 2), active(3, 3)], version: 1 },
    { why: 'not one that was rolled back', history: [superseded(1, 1), regretted(2, 2), active(3, 3)], version: 1 },
    {
      why: 'not one that was healthy first and rolled back later',
      history: [superseded(1, 1), superseded(2, 2), regretted(3, 2), active(4, 3)],
      version: 1,
    },
    {
      why: 'one that was rolled back and became healthy again',
      history: [superseded(1, 1), regretted(2, 2), superseded(3, 2), active(4, 3)],
      version: 2,
    },
    { why: 'never the same artifact', history: [superseded(1, 1), superseded(2, 3), active(3, 3)], version: 1 },
    { why: 'nothing for a first version', history: [active(1, 1)], version: undefined },
    { why: 'nothing when only failures came before', history: [refused(1, 1), active(2, 2)], version: undefined },
    {
      why: 'a cancelled run of a version says nothing against it',
      history: [superseded(1, 1), superseded(2, 2), cancelled(3, 2), active(4, 3)],
      version: 2,
    },
    {
      why: 'the second rollback goes further back',
      history: [
        superseded(1, 1),
        superseded(2, 2),
        regretted(3, 3),
        recordOf(4, 2, { state: 'active', task: 'rollback' }),
      ],
      version: 1,
    },
    {
      why: 'one that was displaced but not written down yet',
      history: [superseded(1, 1), active(2, 2), active(3, 3)],
      version: 2,
    },
  ])('$version: $why', ({ history, version }) => {
    const bad = activeDeployment(history)
    expect(bad === undefined ? undefined : rollbackTarget(history, bad)?.version).toBe(version)
  })

  it('is always proven, older, of another artifact', () => {
    const state = fc.constantFrom<DeploymentState>('superseded', 'rolled_back', 'failed')
    const entries = fc.array(fc.record({ version: fc.integer({ min: 1, max: 4 }), state }), { maxLength: 12 })
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 4 }), (older, version) => {
        const history = [
          ...older.map((entry, index) =>
            recordOf(index + 1, entry.version, { state: entry.state, reason: 'validation_failed' }),
          ),
          active(older.length + 1, version),
        ]
        const bad = activeDeployment(history)
        const target = bad && rollbackTarget(history, bad)
        if (bad === undefined || target === undefined) return
        expect(target.state).toBe('superseded')
        expect(target.digest).not.toBe(bad.digest)
        expect(target.id).toBeLessThan(bad.id)
        const later = history.filter(record => record.id > target.id && record.digest === target.digest)
        expect(later.some(record => record.state === 'rolled_back')).toBe(false)
      }),
      { numRuns: 500, seed: 17 },
    )
  })
})

describe('health of an artifact in a ring', () => {
  it.each([
    { why: 'it is active', history: [active(5, 1)], since: 5 },
    { why: 'it was active', history: [superseded(5, 1), active(6, 2)], since: 5 },
    {
      why: 'it came back: the first time counts',
      history: [superseded(5, 1), superseded(6, 2), active(7, 1)],
      since: 5,
    },
    { why: 'it was rolled back', history: [regretted(5, 1)], since: undefined },
    { why: 'it was rolled back and became active again', history: [regretted(5, 1), active(8, 1)], since: 8 },
    {
      why: 'it is being rolled back',
      history: [superseded(4, 1), recordOf(5, 1, { state: 'rolling_back', activatedAt: minute(5) })],
      since: undefined,
    },
    { why: 'it failed', history: [refused(5, 1)], since: undefined },
    { why: 'a second deployment of it was cancelled', history: [superseded(5, 1), cancelled(6, 1)], since: 5 },
    { why: 'it is still validating', history: [recordOf(5, 1, { state: 'validating' })], since: undefined },
    { why: 'only another one is healthy', history: [active(5, 2)], since: undefined },
  ])('since $since when $why', ({ history, since }) => {
    expect(healthySince(history, digestOf(1))).toBe(since === undefined ? undefined : minute(since))
  })

  it('remembers the newest healthy deployment of an artifact', () => {
    expect(lastHealthy([superseded(1, 1), superseded(2, 2), active(3, 1)], digestOf(1))?.id).toBe(3)
    expect(lastHealthy([superseded(1, 1), refused(2, 1)], digestOf(1))).toBeUndefined()
  })
})

describe('quarantine', () => {
  it.each([
    { why: 'its checks failed', history: [refused(1, 1)], held: true },
    {
      why: 'its activation failed',
      history: [recordOf(1, 1, { state: 'rolled_back', reason: 'deploy_command_failed' })],
      held: true,
    },
    {
      why: 'it is being rolled back',
      history: [recordOf(1, 1, { state: 'rolling_back', reason: 'validation_failed' })],
      held: true,
    },
    { why: 'a person rolled it back', history: [regretted(1, 1)], held: false },
    { why: 'its run was cancelled', history: [cancelled(1, 1)], held: false },
    {
      why: 'the deployment failed: the version was never judged',
      history: [recordOf(1, 1, { state: 'failed', reason: 'deploy_command_failed' })],
      held: false,
    },
    { why: 'it was cancelled after its checks had failed once', history: [refused(1, 1), cancelled(2, 1)], held: true },
    { why: 'only another one failed', history: [refused(1, 2)], held: false },
  ])('$held when $why', ({ history, held }) => expect(isQuarantined(history, digestOf(1))).toBe(held))

  it('ends with a release, and begins again with the next failure', () => {
    const release = { digest: digestOf(1), at: minute(5) }
    expect(isQuarantined([refused(1, 1)], digestOf(1), [release])).toBe(false)
    expect(isQuarantined([refused(1, 1), refused(6, 1)], digestOf(1), [release])).toBe(true)
    expect(isQuarantined([refused(1, 1)], digestOf(1), [{ ...release, digest: digestOf(2) }])).toBe(true)
  })

  it('names each artifact once, from this ring and the earlier ones', () => {
    const rings = [[refused(1, 1), refused(2, 3)], [active(1, 2)], [refused(4, 3)]]
    expect(quarantinedDigests(rings)).toEqual([digestOf(1), digestOf(3)])
    expect(quarantinedDigests(rings, [{ digest: digestOf(3), at: minute(9) }])).toEqual([digestOf(1)])
  })
})

describe('versions move in by themselves', () => {
  it.each([
    { why: 'nothing happened', history: [], held: false },
    { why: 'all is well', history: [superseded(1, 1), active(2, 2)], held: false },
    { why: 'the last one was rolled back', history: [active(1, 1), refused(2, 2)], held: true },
    {
      why: 'a person rolled back',
      history: [superseded(1, 1), regretted(2, 2), recordOf(3, 1, { state: 'active', task: 'rollback' })],
      held: true,
    },
    { why: 'somebody promoted since', history: [refused(1, 1), active(2, 2)], held: false },
    { why: 'a run was cancelled', history: [active(1, 1), cancelled(2, 2)], held: false },
    {
      why: 'a build failed after a rollback',
      history: [refused(1, 1), recordOf(2, 2, { state: 'failed' })],
      held: true,
    },
  ])('held=$held when $why', ({ history, held }) => expect(autoPromotionHeld(history)).toBe(held))
})

describe('a promotion that was asked for by an earlier run', () => {
  const asked = (promotion: string | undefined, record: DeploymentRecord): DeploymentRecord => ({
    ...record,
    promotion,
  })
  it.each([
    { why: 'nothing happened', history: [], overtaken: false },
    { why: 'a later one is active', history: [asked('101-dev', active(1, 2))], overtaken: true },
    { why: 'a later one was active', history: [asked('101-dev', regretted(1, 2)), active(2, 1)], overtaken: true },
    { why: 'an earlier one is active', history: [asked('99-dev', active(1, 2))], overtaken: false },
    { why: 'a later one never became active', history: [asked('101-dev', refused(1, 2))], overtaken: false },
    { why: 'somebody deployed by hand', history: [asked(undefined, active(1, 2))], overtaken: false },
    { why: 'its own is active', history: [asked('100-dev', active(1, 2))], overtaken: false },
  ])('overtaken=$overtaken when $why', ({ history, overtaken }) => {
    expect(overtakenBy(history, '100-dev') !== undefined).toBe(overtaken)
  })

  it('is never overtaken when nobody knows which run asked', () => {
    for (const promotion of [undefined, '', 'mine', 'run-7', `${'9'.repeat(30)}-dev`]) {
      expect(overtakenBy([asked('101-dev', active(1, 2))], promotion)).toBeUndefined()
    }
  })
})
