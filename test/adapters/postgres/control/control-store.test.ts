import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLeases } from '../../../../src/adapters/postgres/leases.ts'
import { show } from '../../../../src/domain/effect.ts'
import { durationMs, epochMs } from '../../../../src/domain/units.ts'
import type { ControlTransaction } from '../../../../src/ports/control-store.ts'
import type { Lease } from '../../../../src/ports/leases.ts'
import { artifactOf, deedOf, deploymentOf, promotionOf, ringKeyOf } from '../../../support/control-records.ts'
import { openSharedControlStore } from '../../../support/control-store.ts'
import { digestOf } from '../../../support/ring-records.ts'

describe('the control store in PostgreSQL', () => {
  let place: Awaited<ReturnType<typeof openSharedControlStore>>
  let tenant = 2_000
  let key = ringKeyOf(tenant)
  const run = <T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> => place.store.transaction({ tenant }, work)

  beforeAll(async () => {
    place = await openSharedControlStore()
  })
  afterAll(() => place[Symbol.asyncDispose]())
  beforeEach(() => {
    tenant += 1
    key = ringKeyOf(tenant)
  })

  it('tells the time of the database, once for a transaction', async () => {
    const before = Date.now()
    const now = await run(async tx => tx.now)
    expect(now).toBeGreaterThanOrEqual(before - 1)
    expect(now).toBeLessThanOrEqual(Date.now())
    expect(Number.isInteger(now)).toBe(true)
  })

  it('has at most one active deployment in a ring, whichever of the two is written first', async () => {
    const active = { state: 'active', activatedAt: epochMs(1) } as const
    const old = deploymentOf(key, active)
    const id = await run(tx => tx.deployments.add(old))
    await expect(run(tx => tx.deployments.add(deploymentOf(key, active)))).rejects.toThrow('one_active_per_ring')
    await run(tx => tx.deployments.add(deploymentOf({ ...key, ring: 'production' }, active)))
    const next = await run(async tx => {
      const added = await tx.deployments.add(deploymentOf(key, active))
      await tx.deployments.save({ id, ...old, state: 'superseded' })
      return added
    })
    const found = await run(tx => tx.deployments.history(key))
    expect(found.map(({ id: of, state }) => ({ id: of, state }))).toEqual([
      { id, state: 'superseded' },
      { id: next, state: 'active' },
    ])
  })

  it.each(['done', 'refused', 'superseded', 'expired'] as const)('lets no promotion leave %s', async state => {
    const promotion = promotionOf(key, { id: 'p', state })
    await run(tx => tx.promotions.add(promotion))
    const left = run(tx => tx.promotions.save({ ...promotion, state: 'authorised' }))
    await expect(left).rejects.toThrow(`promotion p has ended as ${state}, and cannot become authorised`)
    await run(tx => tx.promotions.save({ ...promotion, run: 5 }))
    expect(await run(tx => tx.promotions.read('p'))).toEqual({ ...promotion, run: 5 })
  })

  it.each(['failed', 'rolled_back', 'superseded'] as const)('lets no deployment leave %s', async state => {
    const deployment = deploymentOf(key, { state })
    const id = await run(tx => tx.deployments.add(deployment))
    const left = run(tx => tx.deployments.save({ id, ...deployment, state: 'active' }))
    await expect(left).rejects.toThrow(`deployment ${id} has ended as ${state}, and cannot become active`)
  })

  it('lets no statement turn back the revision of a pointer, or move it without one', async () => {
    const id = await run(async tx => {
      const added = await tx.deployments.add(deploymentOf(key))
      await tx.rings.lock(key, 'staging')
      await tx.rings.point(key, { name: key.ring, deployment: added, revision: 1 })
      return added
    })
    const set = (sets: string) => place.database.execute(`update ring set ${sets} where tenant = $1`, [tenant])
    await expect(set('revision = 0')).rejects.toThrow('cannot move to 0')
    await expect(set('deployment = null')).rejects.toThrow('cannot move to 1')
    await expect(set(`deployment = ${id + 1_000_000}, revision = 2`)).rejects.toThrow('ring_tenant_deployment_fkey')
    expect(await set(`environment = 'other'`)).toBe(1)
  })

  it('[M5] of two transactions that lock a ring the second waits, and sees where the first pointed it', async () => {
    const id = await run(tx => tx.deployments.add(deploymentOf(key)))
    const order: string[] = []
    const locked = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const first = run(async tx => {
      const ring = await tx.rings.lock(key, 'staging')
      locked.resolve()
      await go.promise
      await tx.rings.point(key, { ...ring.pointer, deployment: id, revision: ring.pointer.revision + 1 })
      order.push('first')
    })
    await locked.promise
    const second = run(async tx => {
      const ring = await tx.rings.lock(key, 'staging')
      order.push('second')
      return ring.pointer
    })
    // As long as the database says that somebody waits, and not for some milliseconds.
    await expect.poll(() => waiting(place)).toBe(1)
    go.resolve()
    await first
    expect(await second).toEqual({ name: 'staging', deployment: id, revision: 1 })
    expect(order).toEqual(['first', 'second'])
  })

  it('writes nothing for a replica whose lease went to another one', async () => {
    const leases = createLeases(place.database)
    const hold = <T>(work: (lease: Lease) => Promise<T>) =>
      leases.hold({ name: `ring ${tenant}`, duration: durationMs(60_000) }, work)
    const frozen = await hold(async lease => {
      await place.store.transaction({ tenant, lease }, tx => tx.promotions.add(promotionOf(key, { id: 'held' })))
      return lease
    })
    await hold(async () => {
      // As a process would find it that slept through the end of its lease and has not looked at its clock yet.
      const late = { name: `ring ${tenant}`, epoch: frozen?.result.epoch ?? 0, check: () => undefined }
      const write = place.store.transaction({ tenant, lease: late }, tx =>
        tx.promotions.add(promotionOf(key, { id: 'late' })),
      )
      await expect(write).rejects.toMatchObject({ code: 'lease_lost' })
    })
    expect((await run(tx => tx.promotions.find({}))).map(({ id }) => id)).toEqual(['held'])
  })

  it('says nothing twice where the transaction was run again', async () => {
    let runs = 0
    await run(async tx => {
      runs += 1
      await tx.events.append({ type: 't', key, data: {} })
      await tx.effects.want([deedOf(key, 1), show(key, { kind: 'conversation', issue: 3 })])
      await tx.audit.append({
        actor: { id: 1, login: 'mona' },
        cause: { kind: 'system', id: 'x' },
        action: 'ring.changed',
        subject: 'x',
        before: null,
        after: null,
      })
      if (runs === 1) throw Object.assign(new Error('could not serialize access'), { code: '40001' })
    })
    expect(runs).toBe(2)
    expect(await run(tx => tx.events.list({ limit: 5 }))).toHaveLength(1)
    expect(await place.queued(tenant)).toHaveLength(2)
    const audited = await place.database.execute('select 1 from audit_entry where tenant = $1', [tenant])
    expect(audited).toBe(1)
  })

  it('answers what is asked at once one after the other', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    await run(async tx => {
      await Promise.all(['a', 'b', 'c'].map(id => tx.promotions.add(promotionOf(key, { id }))))
      expect((await tx.promotions.find({})).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    })
    await setImmediate()
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('writes nothing after a transaction has failed, also where its work goes on', async () => {
    const goesOn = Promise.withResolvers<unknown>()
    const failed = run(async tx => {
      const late = async () => {
        await tx.promotions.read('none')
        await tx.promotions.add(promotionOf(key, { id: 'late' }))
      }
      await Promise.all([Promise.reject(new Error('no')), late().catch(goesOn.resolve)])
    })
    await expect(failed).rejects.toThrow('no')
    expect(await goesOn.promise).toMatchObject({ message: 'A statement came after the end of its transaction.' })
    const promotions = await place.database.execute('select 1 from promotion where tenant = $1', [tenant])
    expect(promotions).toBe(0)
  })

  it('numbers the events of transactions that run at once without a gap', async () => {
    const append = (n: number) => run(tx => tx.events.append({ type: 't', key, data: { n } }))
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(n)))
    const events = await run(tx => tx.events.list({ limit: 50 }))
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
    expect(new Set(events.map(({ data }) => data['n'])).size).toBe(20)
  })

  it('reads what an other version of Ringway wrote for people as far as it understands it', async () => {
    const id = await run(async tx => {
      await tx.promotions.add(promotionOf(key, { id: 'p', end: { reason: 'ok', words: 'as it was' } }))
      return tx.deployments.add(deploymentOf(key, { reason: 'ok' }))
    })
    const known = { gate: 'soak', verdict: 'pass', reason: 'not_of_this_version', words: 'w' }
    await place.database.execute(
      `update promotion set end_reason = 'not_of_this_version', source = '{"kind":"telepathy"}', verdicts = $2 where tenant = $1`,
      [tenant, JSON.stringify([{ ...known, gate: 'horoscope' }, known, 'noise'])],
    )
    await place.database.execute(
      `update deployment set reason = 'not_of_this_version', checks = '[{"kind":"foretold"}]' where tenant = $1`,
      [tenant],
    )
    const [promotion] = await run(tx => tx.promotions.find({}))
    expect(promotion).toMatchObject({
      source: { kind: 'api' },
      end: { reason: 'internal_error', words: 'as it was' },
      verdicts: [{ gate: 'soak', verdict: 'pass', reason: 'internal_error', words: 'w' }],
    })
    expect(await run(tx => tx.deployments.read(id))).toMatchObject({ reason: 'internal_error', checks: [] })
  })

  it('does not guess what decides: an effect or a manifest of another version ends the reading', async () => {
    await run(async tx => {
      await tx.effects.want([deedOf(key, 1)])
      await tx.artifacts.put(artifactOf(key, { version: 1 }))
    })
    const set = (sql: string) => place.database.execute(sql, [tenant])
    await set(`update effect set effect = jsonb_set(effect, '{deed,kind}', '"sing"') where tenant = $1`)
    await set(`update artifact set manifest = jsonb_set(manifest, '{schemaVersion}', '2') where tenant = $1`)
    await expect(run(tx => tx.effects.next('lane'))).rejects.toMatchObject({ code: 'database_incompatible' })
    const read = run(tx => tx.artifacts.read(key, digestOf(1)))
    await expect(read).rejects.toMatchObject({ code: 'database_incompatible' })
  })

  it('refuses a secret that signs nothing', async () => {
    const added = run(tx => tx.subscribers.add({ repository: 42, url: 'https://x', secret: 'whsec_short', types: [] }))
    await expect(added).rejects.toThrow('subscriber_secret_check')
  })

  it('is of one tenant, and no transaction is of none', async () => {
    const nobody = place.store.transaction({ tenant: Number.NaN }, async () => undefined)
    await expect(nobody).rejects.toThrow('A tenant is the id of an installation, not NaN.')
  })
})

/** How many connections to this schema wait for a lock. */
async function waiting({ database }: Awaited<ReturnType<typeof openSharedControlStore>>): Promise<number> {
  return database.execute(
    `select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name = current_setting('application_name')`,
  )
}
