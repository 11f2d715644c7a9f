import { expect, it } from 'vitest'
import { whileInstalled } from '../../../app/work/while-installed.ts'
import { performLane } from '../../../src/engine/effects/perform-lane.ts'
import { openAppInProcess } from '../../support/app-in-process.ts'
import { deedOf, ringKeyOf } from '../../support/control-records.ts'

it('work for an account that suspended the App ends, and what was to be done stays to be done', async () => {
  const app = await openAppInProcess({ events: [] })
  const { control, key, rehearsed } = app
  const deed = deedOf(ringKeyOf(key.tenant, key), 7)
  await control.store.transaction(key, tx => tx.effects.want([deed]))
  rehearsed.sandbox.suspendApp(app.app.installation, rehearsed.alice)
  app.app.github.forget(key.tenant)
  const told: string[] = []
  const work = { tenant: key.tenant, lane: 'lane' }
  await whileInstalled(
    (given: typeof work) => performLane(control, given),
    line => told.push(line),
  )(work)
  expect(told).toEqual([expect.stringContaining('"lane":"lane"} ends here: GitHub gives no token of installation')])
  const open = await control.store.transaction(key, tx => tx.effects.openLanes(key.repository))
  expect(open).toEqual(['lane'])
})

it('whatever else goes wrong is tried again', async () => {
  const failing = whileInstalled(
    () => Promise.reject(new Error('no answer')),
    line => expect.fail(line),
  )
  await expect(failing({})).rejects.toThrow('no answer')
})
