import { expect, it } from 'vitest'
import { epochMs } from '../../../src/domain/units.ts'
import { becomeActive } from '../../../src/engine/control/become-active.ts'
import { moveDeployment } from '../../../src/engine/control/move-deployment.ts'
import { openRingInProcess, type RingInProcess } from '../../support/ring-in-process.ts'

const active = { state: 'active', activatedAt: epochMs(5) } as const

async function answer(ring: RingInProcess, issue: number, body: string): Promise<string> {
  await ring.say(issue, body)
  return (await ring.run(tx => tx.conversations.read(ring.key.repository, issue)))?.answer ?? ''
}
const lifecycle = (ring: RingInProcess) => ring.run(async tx => (await tx.rings.read(ring.ring))?.lifecycle)

it('a paused ring takes versions in and stays paused; an undeployed one is active again by the next version', async () => {
  const ring = await openRingInProcess([])
  await ring.place(1, active)
  const issue = await ring.issue('release')
  for (const [command, before, after] of [
    ['/pause dev', 'paused', 'paused'],
    ['/undeploy dev', 'undeployed', 'active'],
  ] as const) {
    expect(await answer(ring, issue, command)).not.toContain('not done')
    expect(await lifecycle(ring)).toBe(before)
    const version = before === 'paused' ? 2 : 3
    const pointed = await ring.run(async tx => (await tx.rings.read(ring.ring))?.pointer.deployment)
    const next = await ring.place(version, { state: 'validating', replaces: pointed })
    await ring.run(async tx => becomeActive(tx, await tx.rings.lock(ring.ring, 'dev'), next))
    expect(await lifecycle(ring)).toBe(after)
  }
})

it('[C20] archiving waits for what is on its way, ends what waits, and nothing enters afterwards: no promotion, no rollback', async () => {
  const ring = await openRingInProcess([])
  await ring.place(1, { ...active, state: 'superseded' })
  await ring.place(2, { state: 'active', activatedAt: epochMs(9) })
  const under = await ring.place(3, { state: 'deploying' })
  const issue = await ring.issue('end of dev')
  expect(await answer(ring, issue, '/archive dev')).toContain('**not done** (`in_progress`). v3 is on its way in dev')
  await ring.run(tx => moveDeployment(tx, under, { event: 'deploy_failed', reason: 'cancelled', words: 'enough' }))
  expect(await answer(ring, issue, '/promote dev v1')).toContain('v1 is to enter dev')
  expect(await answer(ring, issue, '/archive dev')).toContain('dev is archived')
  const [waited] = await ring.run(tx => tx.promotions.find({ ...ring.ring, limit: 1 }))
  expect(waited).toMatchObject({ state: 'refused', end: { reason: 'ring_archived', words: 'dev was archived' } })
  for (const command of ['/promote dev v1', '/rollback dev', '/resume dev']) {
    expect(await answer(ring, issue, command)).toContain('**not done** (`ring_archived`)')
  }
})
