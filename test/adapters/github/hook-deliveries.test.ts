import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubHookDeliveries } from '../../../src/adapters/github/hook-deliveries.ts'
import { epochMs } from '../../../src/domain/units.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { collect } from '../../support/collect.ts'
import { type HookReceiver, openHookReceiver } from '../../support/hook-receiver.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let receiver: HookReceiver
let app: AppOnGithub

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  receiver = await openHookReceiver()
  app = await openAppOnGithub(rehearsed, { events: ['issues'], url: receiver.url })
})
afterAll(async () => {
  await rehearsed.close()
  await receiver.close()
})

describe('deliveries of the webhook', () => {
  it('that failed are found, and delivered again under their GUID', async () => {
    const deliveries = createGithubHookDeliveries(app.github.calls)
    const all = () => collect(deliveries.since(epochMs(0)))
    await expect.poll(async () => (await all()).length).toBe(1)
    receiver.answers.push(503)
    await rehearsed.as(rehearsed.alice)('POST /repos/acme/shop/issues', { title: 'an issue' })
    await expect.poll(async () => (await all()).length).toBe(2)
    const [failed, installed] = await all()
    expect(failed).toMatchObject({
      event: 'issues',
      action: 'opened',
      tenant: app.installation.id,
      repository: rehearsed.repository.id,
      succeeded: false,
      isRedelivery: false,
    })
    expect(installed).toMatchObject({ event: 'installation', succeeded: true })
    expect(await deliveries.redeliver(failed?.id ?? 0)).toBe('accepted')
    await expect.poll(async () => (await all()).length).toBe(3)
    expect((await all())[0]).toMatchObject({ guid: failed?.guid, succeeded: true, isRedelivery: true })
    expect(receiver.received.at(-1)?.headers['x-github-delivery']).toBe(failed?.guid)
    expect(await collect(deliveries.since(epochMs(Date.now() + 1_000)))).toEqual([])
    expect(await deliveries.redeliver(4711)).toBe('too_old')
  })
})
