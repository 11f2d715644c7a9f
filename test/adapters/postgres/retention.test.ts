import { expect, it } from 'vitest'
import * as z from 'zod'
import { createControlStore } from '../../../src/adapters/postgres/control/control-store.ts'
import { createInbox } from '../../../src/adapters/postgres/inbox.ts'
import { createReplayGuard } from '../../../src/adapters/postgres/replay-guard.ts'
import { createRetention } from '../../../src/adapters/postgres/retention.ts'
import { ringDeed, show } from '../../../src/domain/effect.ts'
import { type RingKey, ringKeyText } from '../../../src/domain/ring-key.ts'
import { epochMs } from '../../../src/domain/units.ts'
import { retentionTimes } from '../../../src/engine/sweeps/sweep-retention.ts'
import type { ControlStore, ControlTransaction } from '../../../src/ports/control-store.ts'
import { deploymentOf, promotionOf, ringKeyOf } from '../../support/control-records.ts'
import { openTestDatabase } from '../../support/postgres.ts'
import { openTestQueue } from '../../support/test-queue.ts'

const nothing = { deliveries: 0, effects: 0, commands: 0, events: 0, notices: 0, keys: 0 }

it('removes what is old and about nothing that is open, of every tenant, and never the audit log', async () => {
  const database = await openTestDatabase()
  const queue = await openTestQueue(database)
  const store = createControlStore({ database, queue })
  const inbox = createInbox({ database, onStored: () => {} })
  const retention = createRetention(database, [createReplayGuard(database)])
  const keys = [ringKeyOf(1), ringKeyOf(2)]
  for (const key of keys) await fill(store, key)
  for (const guid of ['open', 'ended']) {
    await inbox.accept({
      guid,
      hookId: 1,
      event: 'ping',
      action: undefined,
      tenant: undefined,
      repository: undefined,
      body: Buffer.from('{}'),
      bodySha256: 'a'.repeat(64),
    })
  }
  await inbox.conclude('ended', 'handled', 'done')
  expect(await retention.remove(retentionTimes)).toEqual(nothing)

  await age(database, 31)
  expect(await retention.remove(retentionTimes)).toEqual({ ...nothing, deliveries: 1, effects: 6, commands: 2 })
  await age(database, 400)
  expect(await retention.remove(retentionTimes)).toEqual({ ...nothing, events: 2 })
  expect(await retention.remove(retentionTimes)).toEqual(nothing)
  for (const key of keys) {
    const { events, shown } = await store.transaction(key, async tx => ({
      events: await tx.events.list({ limit: 10 }),
      shown: await tx.effects.receipt('show promotion 42/open'),
    }))
    expect(events.map(({ data }) => data['open'])).toEqual([true])
    expect(shown).toEqual({ id: 7 })
  }
  const count = z.object({ entries: z.number() })
  expect(await database.query(count, 'select sum(seq)::float8 as entries from audit_head')).toEqual([{ entries: 2 }])
  expect(await inbox.read('open')).toBeDefined()
  expect(await database.query(z.object({ packs: z.number() }), 'select count(*) as packs from pack')).toEqual([
    { packs: 1 },
  ])
})

/** Of everything one that is open and one that has ended. */
async function fill(store: ControlStore, key: RingKey): Promise<void> {
  await store.transaction(key, async tx => {
    await tx.promotions.add(promotionOf(key, { id: 'open' }))
    await tx.promotions.add(promotionOf(key, { id: 'ended', state: 'done' }))
    const [open, ended] = [
      await tx.deployments.add(deploymentOf(key, { state: 'active', promotion: 'open' })),
      await tx.deployments.add(deploymentOf(key, { state: 'failed', promotion: 'ended' })),
    ]
    await tx.effects.want([
      ...[open, ended].map(deployment => ringDeed(key, { kind: 'open_deployment', deployment })),
      ...['open', 'ended'].map(promotion => show(key, { kind: 'promotion', promotion })),
      ringDeed(key, { kind: 'cancel_run', run: 1 }),
    ])
    await finishAll(tx, `ring ${ringKeyText(key)}`)
    for (const promotion of ['open', 'ended']) await finishAll(tx, `show promotion 42/${promotion}`)
    await tx.effects.want([ringDeed(key, { kind: 'cancel_run', run: 2 })])
    await tx.commands.take({ key: 'comment 1', actor: 1, admitted: true })
    for (const [deployment, isOpen] of [[open, true] as const, [ended, false] as const]) {
      await tx.events.append({ type: 'deployment.active', key, data: { deployment, open: isOpen } })
    }
    await tx.audit.append({
      actor: { id: 1, login: 'mona' },
      cause: { kind: 'system', id: 'x' },
      action: 'a',
      subject: 'b',
      before: null,
      after: null,
    })
  })
}

async function finishAll(tx: ControlTransaction, lane: string): Promise<void> {
  for (let record = await tx.effects.next(lane); record !== undefined; record = await tx.effects.next(lane)) {
    await tx.effects.begin(record.effect.key)
    await tx.effects.finish(record, { id: 7 })
  }
}

/** Lets days pass for everything but what may never change. */
async function age(database: Awaited<ReturnType<typeof openTestDatabase>>, days: number): Promise<void> {
  for (const [table, column] of [
    ['inbox', 'received_at'],
    ['effect', 'wanted_at'],
    ['command', 'at'],
    ['event', 'at'],
  ] as const) {
    for (const tenant of [1, 2]) {
      await database.transaction(async tx => {
        await tx.execute(`select set_config('ringway.tenant', $1, true)`, [String(tenant)])
        const where = table === 'inbox' ? `where ${tenant} = 1` : `where tenant = ${tenant}`
        await tx.execute(`update ${table} set ${column} = ${column} - interval '${days} days' ${where}`)
      })
    }
  }
}

it('forgets used tokens in the same way', async () => {
  const database = await openTestDatabase()
  const guard = createReplayGuard(database)
  await guard.use('old', epochMs(Date.now() - 7_200_000))
  expect(await createRetention(database, [guard]).remove(retentionTimes)).toEqual({ ...nothing, keys: 1 })
})
