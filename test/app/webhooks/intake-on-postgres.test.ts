import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { openLog } from '../../../app/log/open-log.ts'
import { createDispatch } from '../../../app/webhooks/dispatch-delivery.ts'
import type { DeliveryHandlers } from '../../../app/webhooks/handlers.ts'
import { openProbot } from '../../../app/webhooks/open-probot.ts'
import { openDeliveryWork } from '../../../src/adapters/postgres/delivery-work.ts'
import { createInbox } from '../../../src/adapters/postgres/inbox.ts'
import { openTestDatabase } from '../../support/postgres.ts'
import { appId, openIntake } from './intake.ts'

it('A15: whatever is acknowledged is handled once, however often and however close together it comes', async () => {
  const database = await openTestDatabase()
  const work = openDeliveryWork({ database, report: line => expect.fail(line) })
  onTestFinished(() => work.stop())
  const inbox = createInbox({ database, onStored: () => work.wake() })
  const intake = await openIntake({ inbox })
  onTestFinished(() => intake.server.close())

  const guids = Array.from({ length: 40 }, () => randomUUID())
  const twice = await Promise.all(
    [...guids, ...guids].map(guid => intake.deliver({ headers: { 'x-github-delivery': guid } })),
  )
  const answers = await Promise.all(twice.map(async answer => `${answer.status} ${await answer.text()}`))
  expect(answers.filter(text => text === '202 {"delivery":"stored"}')).toHaveLength(40)
  expect(answers.filter(text => text === '202 {"delivery":"known"}')).toHaveLength(40)
  const [guid = ''] = guids
  expect((await intake.deliver({ headers: { 'x-github-delivery': guid }, body: '{}' })).status).toBe(409)

  const handled: string[] = []
  const handlers: DeliveryHandlers = { 'deployment.created': async (_payload, each) => void handled.push(each) }
  const probot = await openProbot({
    appId,
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    apiUrl: 'http://127.0.0.1:9/api/v3',
    log: openLog({ level: 'silent', secrets: [] }),
    handlers,
  })
  const dispatch = createDispatch({ inbox, probot, handlers })
  work.handle({ concurrency: 4 }, dispatch)
  await expect.poll(() => handled.length, { timeout: 10_000 }).toBe(40)
  expect(new Set(handled)).toEqual(new Set(guids))
  const count = z.object({ outcome: z.string().nullable(), times: z.number() })
  const outcomes = (): Promise<unknown> =>
    database.query(count, 'select outcome, count(*) as times from inbox group by outcome')
  await expect.poll(outcomes).toEqual([{ outcome: 'handled', times: 40 }])
})

it('without its database it answers 503, and takes the same deliveries when it is back', async () => {
  const database = await openTestDatabase()
  const reachable = createInbox({ database, onStored: () => {} })
  const lost = await openTestDatabase({ beside: database })
  const unreachable = createInbox({ database: lost, onStored: () => {} })
  await lost.close()
  let inbox = unreachable
  const intake = await openIntake({ inbox: { accept: delivery => inbox.accept(delivery) } })
  onTestFinished(() => intake.server.close())

  const headers = { 'x-github-delivery': randomUUID() }
  const refused = await intake.deliver({ headers })
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'database_unreachable' }])
  inbox = reachable
  expect((await intake.deliver({ headers })).status).toBe(202)
})
