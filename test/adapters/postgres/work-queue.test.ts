import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import { failingWork } from '../../../src/adapters/postgres/failing-work.ts'
import type { PostgresWorkQueue } from '../../../src/adapters/postgres/work-queue.ts'
import { epochMs } from '../../../src/domain/units.ts'
import type { Work, WorkOf } from '../../../src/ports/work-queue.ts'
import { openTestDatabase, testDatabaseUrl } from '../../support/postgres.ts'
import { startReplica } from '../../support/replica.ts'
import { openTestQueue } from '../../support/test-queue.ts'

const staging: WorkOf<'ring'> = {
  kind: 'ring',
  key: { tenant: 7, repository: 42, solution: 'support', ring: 'staging' },
}
const production: WorkOf<'ring'> = { kind: 'ring', key: { ...staging.key, ring: 'production' } }

async function opened(): Promise<{ readonly database: Database; readonly queue: PostgresWorkQueue }> {
  const database = await openTestDatabase()
  return { database, queue: await openTestQueue(database) }
}

function send(
  at: { readonly database: Database; readonly queue: PostgresWorkQueue },
  work: Work,
  due?: number,
): Promise<void> {
  return at.database.transaction(tx => at.queue.sender(tx).send(work, due === undefined ? undefined : epochMs(due)))
}

/** Rings whose work was begun, in order; each is at work until it is let go. */
async function handleRings(queue: PostgresWorkQueue, concurrency = 1) {
  const begun: string[] = []
  let letGo = Promise.withResolvers<void>()
  await queue.handle('ring', { concurrency }, async ({ key }) => {
    begun.push(key.ring)
    await letGo.promise
  })
  return {
    begun,
    letGo: (): void => {
      letGo.resolve()
      letGo = Promise.withResolvers<void>()
    },
    letAllGo: (): void => {
      letGo.resolve()
    },
  }
}

async function jobs(database: Database): Promise<string[]> {
  const shape = z.object({ text: z.string() })
  const sql = `select data->'key'->>'ring' || ' ' || state as text from ${database.schema}_queue.job where name = 'ring' order by 1`
  return (await database.query(shape, sql)).map(({ text }) => text)
}

describe('the work queue', () => {
  it('hands each kind of work to its handler as it was sent', async () => {
    const at = await opened()
    const works: readonly Work[] = [
      staging,
      { kind: 'onward', tenant: 7, deployment: 1 },
      { kind: 'supervise', tenant: 7, deployment: 1 },
      { kind: 'effects', tenant: 7, lane: 'pr/5' },
      { kind: 'events', tenant: 7, subscriber: 2 },
      { kind: 'sweep', sweep: 'deliveries' },
    ]
    const handled: Work[] = []
    const keep = async (work: Work): Promise<void> => {
      handled.push(work)
    }
    for (const { kind } of works) await at.queue.handle(kind, { concurrency: 1 }, keep)
    for (const work of works) await send(at, work)
    await expect.poll(() => handled.length, { timeout: 5_000 }).toBe(works.length)
    expect(handled).toEqual(expect.arrayContaining([...works]))
  })

  it('queues nothing of a transaction that fails', async () => {
    const { database, queue } = await opened()
    const failed = database.transaction(async tx => {
      await queue.sender(tx).send(staging)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await jobs(database)).toEqual([])
  })

  it('queues the same work once while it is not begun, and again once it is', async () => {
    const at = await opened()
    for (let times = 0; times < 5; times += 1) await send(at, staging)
    await send(at, production)
    expect(await jobs(at.database)).toEqual(['production created', 'staging created'])
    const { begun, letAllGo } = await handleRings(at.queue, 2)
    await expect.poll(() => begun.length, { timeout: 5_000 }).toBe(2)
    await Promise.all([send(at, staging), send(at, staging), send(at, staging)])
    expect(await jobs(at.database)).toEqual(['production active', 'staging active', 'staging created'])
    letAllGo()
    await expect.poll(() => begun.length, { timeout: 5_000 }).toBe(3)
    expect(begun[2]).toBe('staging')
  })

  it('does not begin work that a transaction under way asks for again: its worker sees what that transaction wrote', async () => {
    const at = await opened()
    await at.database.execute('create table fact (number integer)')
    await send(at, staging)
    const seen: number[] = []
    await at.database.transaction(async tx => {
      await tx.execute('insert into fact values (1)')
      await at.queue.sender(tx).send(staging)
      await at.queue.handle('ring', { concurrency: 1 }, async () => {
        seen.push(await at.database.execute('select from fact'))
      })
      await sleep(300)
    })
    await expect.poll(() => seen.length, { timeout: 5_000 }).toBeGreaterThan(0)
    expect(Math.max(...seen)).toBe(1)
    expect(seen).toHaveLength(1)
  })

  it('goes through what is queued without a rest, though one notice told of it all', async () => {
    const at = await opened()
    let handled = 0
    await at.queue.handle('onward', { concurrency: 2 }, async () => {
      handled += 1
    })
    await sleep(50)
    const began = performance.now()
    await at.database.transaction(async tx => {
      const sender = at.queue.sender(tx)
      for (let deployment = 1; deployment <= 40; deployment += 1)
        await sender.send({ kind: 'onward', tenant: 7, deployment })
    })
    await expect.poll(() => handled, { timeout: 20_000, interval: 10 }).toBe(40)
    // With a rest of a second after each it would be twenty.
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('keeps each due instant of the same work, and does none before it', async () => {
    const at = await opened()
    const now = Date.now()
    for (const due of [now + 500, now + 500, now + 900, now + 3_600_000]) await send(at, staging, due)
    expect(await jobs(at.database)).toHaveLength(3)
    const times: number[] = []
    await at.queue.handle('ring', { concurrency: 1 }, async () => {
      times.push(Date.now())
    })
    await expect.poll(() => times.length, { timeout: 8_000 }).toBe(2)
    expect(times[0]).toBeGreaterThanOrEqual(now + 499)
    expect(times[1]).toBeGreaterThanOrEqual(now + 899)
    expect(await jobs(at.database)).toContain('staging created')
  })

  it('tries again what failed, keeps it however often it fails, and shows it', async () => {
    const at = await opened()
    let tries = 0
    await at.queue.handle('ring', { concurrency: 1 }, async () => {
      tries += 1
      throw new Error(`try ${tries} failed`)
    })
    await send(at, staging)
    await expect.poll(() => tries, { timeout: 10_000 }).toBe(2)
    await expect.poll(() => jobs(at.database)).toEqual(['staging retry'])
    const job = `${at.database.schema}_queue.job`
    await at.database.execute(`update ${job} set retry_count = 1000, start_after = clock_timestamp()`)
    await expect.poll(() => tries, { timeout: 5_000 }).toBe(3)
    await expect.poll(() => jobs(at.database)).toEqual(['staging retry'])
    const [failing] = await failingWork(at.database)
    expect(failing).toMatchObject({ kind: 'ring', key: '7/42/support/staging', words: 'try 3 failed' })
    expect(failing?.attempts).toBeGreaterThan(1000)
    const pause = (failing?.nextAt ?? 0) - Date.now()
    expect(pause).toBeGreaterThan(100_000)
    expect(pause).toBeLessThan(301_000)
  })

  it('does not pile up failures of the same work', async () => {
    const at = await opened()
    let tries = 0
    await at.queue.handle('ring', { concurrency: 1 }, async () => {
      tries += 1
      throw new Error('no')
    })
    for (let times = 1; times <= 3; times += 1) {
      await send(at, staging)
      await expect.poll(() => tries, { timeout: 5_000 }).toBeGreaterThanOrEqual(times)
    }
    await expect.poll(async () => (await jobs(at.database)).join()).toBe('staging retry')
  })

  it('repeats work once per interval for all replicas', async () => {
    const at = await opened()
    const other = await openTestQueue(await openTestDatabase({ beside: at.database }))
    const sweep: WorkOf<'sweep'> = { kind: 'sweep', sweep: 'deliveries' }
    for (const queue of [at.queue, other, at.queue]) {
      await queue.repeat(sweep, { minutes: 5 })
      await queue.repeat({ kind: 'sweep', sweep: 'retention' }, { minutes: 1440 })
    }
    const shape = z.object({ key: z.string(), cron: z.string(), data: z.unknown() })
    const rows = await at.database.query(
      shape,
      `select key, cron, data from ${at.database.schema}_queue.schedule order by key`,
    )
    expect(rows).toEqual([
      { key: 'deliveries', cron: '*/5 * * * *', data: sweep },
      { key: 'retention', cron: '0 0 * * *', data: { kind: 'sweep', sweep: 'retention' } },
    ])
    expect(() => at.queue.repeat(sweep, { minutes: 7 })).toThrow(RangeError)
  })

  it('finishes what has begun before it stops', async () => {
    const at = await opened()
    const { begun, letAllGo } = await handleRings(at.queue)
    await send(at, staging)
    await expect.poll(() => begun.length, { timeout: 5_000 }).toBe(1)
    const stopped = at.queue.stop()
    await send(at, production).catch(() => undefined)
    letAllGo()
    await stopped
    expect(begun).toEqual(['staging'])
    expect(await jobs(at.database)).toContain('staging completed')
  })

  it('gives the work of a killed worker to another one within seconds', async () => {
    const at = await opened()
    const victim = startReplica('takeWork', await testDatabaseUrl(), at.database.schema)
    await send(at, staging)
    await victim.line(/^began staging$/)
    await victim.kill()
    const killed = performance.now()
    const { begun, letAllGo } = await handleRings(at.queue)
    await expect.poll(() => begun, { timeout: 25_000 }).toEqual(['staging'])
    letAllGo()
    expect(performance.now() - killed).toBeLessThan(20_000)
  })
})
