import { expect, it } from 'vitest'
import * as z from 'zod'
import { sweepDeliveries } from '../../../src/engine/sweeps/sweep-deliveries.ts'
import { type AppInProcess, openAppInProcess } from '../../support/app-in-process.ts'
import { movingClock } from '../../support/moving-clock.ts'

const hour = 3_600_000
const guidOf = z.object({ guid: z.string() })

/** The GUIDs in the inbox, once each. */
async function stored({ database }: AppInProcess): Promise<readonly string[]> {
  return (await database.query(guidOf, 'select guid from inbox order by guid')).map(({ guid }) => guid)
}

/** The GUIDs of everything that GitHub ever had to say. */
function happened({ rehearsed, app }: AppInProcess): readonly string[] {
  const own = rehearsed.sandbox.webhooks.deliveries.filter(delivery => delivery.app.id === app.app.id)
  return [...new Set(own.map(({ guid }) => guid))].toSorted()
}

async function openIssues({ rehearsed }: AppInProcess, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    await rehearsed.as(rehearsed.alice)('POST /repos/acme/shop/issues', { title: `issue ${number}` })
  }
}

it('what was dropped, doubled and out of order is all there, once, after a sweep', async () => {
  const app = await openAppInProcess({ events: ['issues'] })
  const { faults, webhooks } = app.rehearsed.sandbox
  await app.listen()
  for (const kind of ['drop', 'duplicate', 'reorder'] as const) {
    faults.webhooks.add({ on: '*', kind, probability: 0.3, delayMs: 20 })
  }
  await openIssues(app, 30)
  await webhooks.settled()
  expect((await stored(app)).length).toBeLessThan(happened(app).length)
  faults.webhooks.clear()
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(await stored(app)).toEqual(happened(app))
  const before = webhooks.deliveries.length
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(webhooks.deliveries).toHaveLength(before)
})

it('a delivery of 71 hours ago is found when the App comes back, and one that GitHub no longer has is not asked for', async () => {
  const clock = movingClock()
  const app = await openAppInProcess({ events: ['issues'], clock })
  const { webhooks } = app.rehearsed.sandbox
  const forward = (hours: number): void => {
    clock.forward(hours * hour)
    app.app.clock.pass(hours * hour)
  }
  await openIssues(app, 1)
  forward(4)
  await openIssues(app, 1)
  await webhooks.settled()
  const [, young] = webhooks.deliveries.filter(({ event }) => event === 'issues')
  forward(71)
  await app.listen()
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(await stored(app)).toEqual([young?.guid])
  expect(app.told.filter(line => line.includes('GitHub no longer has it'))).toHaveLength(2)
})

it('asks again after a pause while nobody takes it, and tells what the store lost', async () => {
  const app = await openAppInProcess({ events: ['issues'] })
  const { webhooks } = app.rehearsed.sandbox
  await openIssues(app, 1)
  await webhooks.settled()
  const attempts = (): number => webhooks.deliveries.filter(({ event }) => event === 'issues').length
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(attempts()).toBe(2)
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(attempts()).toBe(2)
  await app.listen()
  await app.database.execute(`update missed_delivery set next_at = clock_timestamp()`)
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(await stored(app)).toEqual(happened(app))
  await sweepDeliveries(app.sweep)
  expect(app.told.join('\n')).not.toContain('restored from a backup')

  await app.database.execute('delete from inbox')
  await sweepDeliveries(app.sweep)
  await webhooks.settled()
  expect(await stored(app)).toEqual(happened(app))
  expect(app.told.join('\n')).toContain('restored from a backup')
})
