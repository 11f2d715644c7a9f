import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSystemClock } from '../../../src/adapters/clock/system-clock.ts'
import { createStandardWebhookSender } from '../../../src/adapters/http/standard-webhook.ts'
import { createLeases } from '../../../src/adapters/postgres/leases.ts'
import { durationMs, epochMs } from '../../../src/domain/units.ts'
import { deliverEvents, retrySchedule } from '../../../src/engine/events/deliver-events.ts'
import type { ControlTransaction } from '../../../src/ports/control-store.ts'
import { ringKeyOf } from '../../support/control-records.ts'
import { openSharedControlStore } from '../../support/control-store.ts'
import { type HookReceiver, openHookReceiver } from '../../support/hook-receiver.ts'

const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`

describe('telling subscribers what happens', () => {
  let place: Awaited<ReturnType<typeof openSharedControlStore>>
  let receiver: HookReceiver
  let tenant = 7_000
  let lines: string[] = []
  const run = <T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> => place.store.transaction({ tenant }, work)
  const subscribe = (types: readonly string[] = []): Promise<number> =>
    run(tx => tx.subscribers.add({ repository: 42, url: receiver.url, secret, types }))
  const happen = (type: string): Promise<void> =>
    run(tx => tx.events.append({ type, key: ringKeyOf(tenant), data: { deployment: 7 } }))
  const told = (): unknown[] => receiver.received.map(({ body }) => JSON.parse(body).type)
  const read = (id: number) => run(tx => tx.subscribers.read(id))
  const deliver = (subscriber: number): Promise<void> =>
    deliverEvents(
      {
        store: place.store,
        leases: createLeases(place.database),
        sender: createStandardWebhookSender({
          clock: createSystemClock(),
          reach: 'global_and_private',
          timeoutMs: 100,
        }),
        report: line => lines.push(line),
      },
      { tenant, subscriber },
    )

  beforeAll(async () => {
    place = await openSharedControlStore()
  })
  afterAll(() => place[Symbol.asyncDispose]())
  beforeEach(async () => {
    tenant += 1
    lines = []
    receiver = await openHookReceiver()
  })
  afterEach(() => receiver.close())

  it('[M15] every transition is told in order, once each, with the ring that it is about', async () => {
    const id = await subscribe()
    for (const type of ['deployment.queued', 'deployment.building', 'deployment.active']) await happen(type)
    await deliver(id)
    await deliver(id)
    expect(told()).toEqual(['deployment.queued', 'deployment.building', 'deployment.active'])
    expect(JSON.parse(receiver.received[2]?.body ?? '')).toMatchObject({
      data: { deployment: 7, ring: 'staging', sequence: 3 },
    })
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3)
  })

  it('only what a subscriber wants is told; the rest is behind it', async () => {
    const id = await subscribe(['alert.slow_rollout'])
    for (const type of ['deployment.queued', 'alert.slow_rollout', 'deployment.active']) await happen(type)
    await deliver(id)
    expect(told()).toEqual(['alert.slow_rollout'])
    expect(await read(id)).toMatchObject({ deliveredSeq: 3 })
  })

  it.each(['hang', 429, 502, 504, 500, 301] as const)(
    'after %s the same event is told again later, before any other, and new events hurry nothing',
    async answer => {
      const id = await subscribe()
      await happen('first')
      receiver.answers.push(answer)
      await deliver(id)
      const failed = await read(id)
      const now = await run(async tx => tx.now)
      expect(failed).toMatchObject({ failures: 1, deliveredSeq: 0, disabled: undefined })
      expect(Math.abs((failed?.retryAt ?? 0) - now - 5_000)).toBeLessThan(2_000)
      await happen('second')
      await deliver(id)
      expect(told()).toEqual(['first'])
      await run(tx => tx.subscribers.progress(id, { kind: 'failed', retryAt: epochMs(0) }))
      await deliver(id)
      expect(told()).toEqual(['first', 'first', 'second'])
      const [one, again, other] = receiver.received.map(({ headers }) => headers['webhook-id'])
      expect(again).toBe(one)
      expect(other).not.toBe(one)
      expect(await read(id)).toMatchObject({ failures: 0, deliveredSeq: 2, retryAt: undefined })
    },
  )

  it('one that answers 410 is told nothing any more, and others are told so', async () => {
    const id = await subscribe()
    await happen('first')
    await happen('second')
    receiver.answers.push(410)
    await deliver(id)
    await deliver(id)
    expect(told()).toEqual(['first'])
    const words = 'it answered 410: it is gone'
    expect(await read(id)).toMatchObject({ disabled: { words } })
    expect(lines).toEqual([`subscriber ${id} of tenant ${tenant} is told nothing any more: ${words}`])
    const [alert] = await run(tx => tx.events.list({ type: 'alert.subscriber_disabled', limit: 5 }))
    expect(alert?.data).toEqual({ subscriber: id, host: new URL(receiver.url).host, words })
  })

  it('when the whole schedule has passed in vain it is told nothing any more', async () => {
    const id = await subscribe()
    await happen('first')
    for (const _ of retrySchedule) {
      await run(tx => tx.subscribers.progress(id, { kind: 'failed', retryAt: epochMs(0) }))
    }
    receiver.answers.push(503)
    await deliver(id)
    const words = 'it answered 503; 10 attempts failed one after the other'
    expect(await read(id)).toMatchObject({ disabled: { words } })
    expect(lines).toHaveLength(1)
  })

  it('two replicas do not tell it beside each other: the one that comes later looks again', async () => {
    const id = await subscribe()
    await happen('first')
    const leases = createLeases(place.database)
    const name = `events ${tenant}/${id}`
    await leases.hold({ name, duration: durationMs(60_000) }, () => deliver(id))
    expect(told()).toEqual([])
    expect(await place.queued(tenant)).toContainEqual({ kind: 'events', tenant, subscriber: id })
  })
})
