import { expect, it } from 'vitest'
import { epochMs } from '../../../src/domain/units.ts'
import { superviseDeployment } from '../../../src/engine/supervision/supervise-deployment.ts'
import { openRingInProcess } from '../../support/ring-in-process.ts'

const long = epochMs(1)

it('a ring that was rolled back by itself is left alone until it has cooled down, and people are told, once; a candidate that was lost is put back at once', async () => {
  const ring = await openRingInProcess(['cool-down: 1h'])
  const { control, key } = ring
  const supervise = (deployment: number): Promise<void> =>
    superviseDeployment(control, { tenant: key.tenant, deployment })
  const restorations = () =>
    ring.run(async tx => (await tx.deployments.history(ring.ring)).filter(({ task }) => task === 'rollback'))
  await ring.place(1, { state: 'active', activatedAt: epochMs(5) })
  const first = await ring.place(2, { state: 'validating', createdAt: long })
  await supervise(first.id)
  expect(await restorations()).toMatchObject([{ ends: first.id, version: 1 }])
  const [attempt] = await restorations()
  if (attempt === undefined) throw new TypeError('nothing is restored')
  await ring.run(tx => tx.deployments.save({ ...attempt, state: 'failed' }))
  await ring.run(tx => tx.deployments.save({ ...first, state: 'rolled_back' }))

  const lost = await ring.place(3, { state: 'validating', createdAt: long })
  await supervise(lost.id)
  expect(await restorations()).toMatchObject([{ ends: first.id }, { ends: lost.id }])
  for (const one of await restorations()) await ring.run(tx => tx.deployments.save({ ...one, state: 'failed' }))
  await ring.run(tx => tx.deployments.save({ ...lost, state: 'rolled_back' }))

  const second = await ring.place(4, { state: 'rolling_back', activatedAt: epochMs(9), createdAt: long, words: 'bad' })
  await supervise(second.id)
  await supervise(second.id)
  expect(await restorations()).toHaveLength(2)
  const held = await ring.events('alert.rollback_held')
  expect(held.map(({ data }) => data['deployment'])).toEqual([second.id])
  expect(held[0]?.data['words']).toMatch(/bad; the ring was rolled back by itself .* left alone until 20\d\d-/)
})

it('[M15] a deployment that takes longer than its ring expects is told of, once', async () => {
  const ring = await openRingInProcess(['alerts: { slow: 1m }'])
  const { control, key } = ring
  const now = await ring.run(async tx => tx.now)
  const slow = await ring.place(1, { state: 'queued', createdAt: epochMs(now - 5 * 60_000) })
  for (let look = 0; look < 3; look += 1) {
    await superviseDeployment(control, { tenant: key.tenant, deployment: slow.id })
  }
  const told = await ring.events('alert.slow_rollout')
  expect(told.map(({ data }) => [data['deployment'], data['words']])).toEqual([
    [slow.id, 'v1 has been on its way for 5 min and is queued'],
  ])
})
