import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeploymentEvent, DeploymentState } from '../../../src/domain/deployment.ts'
import type { RingDeployment } from '../../../src/domain/ring-deployment.ts'
import { alertOnce } from '../../../src/engine/control/alert.ts'
import { moveDeployment } from '../../../src/engine/control/move-deployment.ts'
import type { ControlTransaction } from '../../../src/ports/control-store.ts'
import { deploymentOf, promotionOf, ringKeyOf } from '../../support/control-records.ts'
import { openSharedControlStore } from '../../support/control-store.ts'

describe('what subscribers are told when somebody should look', () => {
  let place: Awaited<ReturnType<typeof openSharedControlStore>>
  let tenant = 8_000
  const run = <T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> => place.store.transaction({ tenant }, work)

  beforeAll(async () => {
    place = await openSharedControlStore()
  })
  afterAll(() => place[Symbol.asyncDispose]())
  beforeEach(() => {
    tenant += 1
  })

  async function add(rest: Partial<RingDeployment>): Promise<RingDeployment> {
    const key = ringKeyOf(tenant)
    return await run(async tx => {
      await tx.rings.lock(key, 'staging')
      if ((await tx.promotions.read('p-1')) === undefined) await tx.promotions.add(promotionOf(key, { id: 'p-1' }))
      const draft = deploymentOf(key, { version: 4, ...rest })
      return { ...draft, id: await tx.deployments.add(draft) }
    })
  }
  const alerts = async (): Promise<unknown[]> =>
    (await run(tx => tx.events.list({ limit: 100 })))
      .filter(({ type }) => type.startsWith('alert.'))
      .map(({ type, data }) => [type, data['deployment'], data['words']])

  it.each<[DeploymentState, DeploymentEvent, string | undefined]>([
    ['building', 'build_failed', 'alert.deployment_failed'],
    ['deploying', 'deploy_failed', 'alert.deployment_failed'],
    ['validating', 'validation_failed', 'alert.deployment_invalid'],
    ['queued', 'slot_taken', undefined],
    ['validating', 'validated', undefined],
    ['active', 'rollback_ordered', undefined],
  ])('[M15] a deployment that is %s and takes %s: %s', async (state, event, type) => {
    const deployment = await add({ state })
    await run(tx => moveDeployment(tx, deployment, { event, words: 'the answer was 500', reason: 'validation_failed' }))
    expect(await alerts()).toEqual(type === undefined ? [] : [[type, deployment.id, 'the answer was 500']])
  })

  it('what people cancelled is no alert', async () => {
    const deployment = await add({ state: 'deploying' })
    const step = { event: 'deploy_failed', words: 'by mona', reason: 'cancelled' } as const
    await run(tx => moveDeployment(tx, deployment, step))
    expect(await alerts()).toEqual([])
  })

  it('a restoration that failed is told of what is still there, once for each attempt', async () => {
    const bad = await add({ state: 'rolling_back' })
    for (const state of ['building', 'deploying'] as const) {
      const attempt = await add({ state, task: 'rollback', ends: bad.id, version: 3 })
      const event = state === 'building' ? 'build_failed' : 'deploy_failed'
      await run(tx => moveDeployment(tx, attempt, { event, words: 'no disk', reason: 'restore_failed' }))
    }
    const told = ['alert.restore_failed', bad.id, 'no disk']
    expect(await alerts()).toEqual([told, told])
  })

  it('whoever looks again and again is no news', async () => {
    const deployment = await add({ state: 'deploying' })
    const slow = { type: 'slow_rollout', words: 'v4 has been on its way for 31 min and is deploying' } as const
    await run(tx => alertOnce(tx, deployment, slow))
    await run(tx => alertOnce(tx, deployment, slow))
    expect(await alerts()).toHaveLength(1)
  })
})
