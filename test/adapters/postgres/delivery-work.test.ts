import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import { openDeliveryWork, type PostgresDeliveryWork } from '../../../src/adapters/postgres/delivery-work.ts'
import { failingWork } from '../../../src/adapters/postgres/failing-work.ts'
import { createInbox } from '../../../src/adapters/postgres/inbox.ts'
import type { Inbox } from '../../../src/ports/inbox.ts'
import { openTestDatabase, testDatabaseUrl } from '../../support/postgres.ts'
import { startReplica } from '../../support/replica.ts'
import { openTestQueue } from '../../support/test-queue.ts'

interface Opened {
  readonly database: Database
  readonly inbox: Inbox
  readonly work: PostgresDeliveryWork
  readonly reports: readonly string[]
}

async function opened(beside?: Database): Promise<Opened> {
  const database = await openTestDatabase(beside === undefined ? {} : { beside })
  const reports: string[] = []
  const work = openDeliveryWork({ database, report: line => reports.push(line) })
  onTestFinished(() => work.stop())
  return { database, inbox: createInbox({ database, onStored: () => work.wake() }), work, reports }
}

/** Stores some at once; @returns their GUIDs */
async function store(inbox: Inbox, count: number): Promise<string[]> {
  const body = Buffer.from('{}')
  const bodySha256 = createHash('sha256').update(body).digest('hex')
  const origin = { hookId: 3, event: 'push', action: undefined, tenant: 7, repository: 42 }
  const guids = Array.from({ length: count }, () => randomUUID())
  await Promise.all(guids.map(guid => inbox.accept({ ...origin, guid, body, bodySha256 })))
  return guids
}

const rowShape = z.object({ guid: z.string(), outcome: z.string().nullable(), attempts: z.number() })

function rows(database: Database): Promise<z.output<typeof rowShape>[]> {
  return database.query(rowShape, 'select guid, outcome, attempts from inbox order by seq')
}

describe('the work on deliveries', () => {
  it('hands each stored delivery to one handler, once, as many at once as it may and no more', async () => {
    const { inbox, work, database, reports } = await opened()
    const begun: string[] = []
    let [now, most] = [0, 0]
    work.handle({ concurrency: 3 }, async guid => {
      begun.push(guid)
      most = Math.max(most, ++now)
      await sleep(2)
      await inbox.conclude(guid, 'handled', 'done')
      now -= 1
    })
    const guids = await store(inbox, 60)
    await expect.poll(() => begun.length, { interval: 10, timeout: 5_000 }).toBe(60)
    await expect.poll(async () => (await rows(database)).every(row => row.outcome === 'handled')).toBe(true)
    expect(begun.toSorted()).toEqual(guids.toSorted())
    expect(most).toBe(3)
    expect((await rows(database)).map(({ attempts }) => attempts)).toEqual(guids.map(() => 1))
    expect(reports).toEqual([])
  })

  it('begins at once what this replica stored, and what was stored before it started or by another one within the poll', async () => {
    const first = await opened()
    const early = await store(first.inbox, 1)
    const begun: string[] = []
    const handle = async (guid: string): Promise<void> => {
      await first.inbox.conclude(guid, 'handled', 'done')
      begun.push(guid)
    }
    first.work.handle({ concurrency: 1 }, handle)
    await expect.poll(() => begun, { interval: 5 }).toEqual(early)
    const asked = performance.now()
    const own = await store(first.inbox, 1)
    await expect.poll(() => begun, { interval: 2 }).toEqual([...early, ...own])
    expect(performance.now() - asked).toBeLessThan(900)
    const other = await store((await opened(first.database)).inbox, 1)
    await expect.poll(() => begun, { timeout: 5_000 }).toEqual([...early, ...own, ...other])
  })

  it('shares deliveries among replicas, and gives none to two', async () => {
    const first = await opened()
    const second = await opened(first.database)
    const begun: string[] = []
    for (const { work, inbox } of [first, second]) {
      work.handle({ concurrency: 4 }, async guid => {
        begun.push(guid)
        await sleep(5)
        await inbox.conclude(guid, 'handled', 'done')
      })
    }
    const stored = await Promise.all([store(first.inbox, 80), store(second.inbox, 80)])
    await expect.poll(() => begun.length, { interval: 10, timeout: 5_000 }).toBe(160)
    expect(new Set(begun)).toEqual(new Set(stored.flat()))
  })

  it('tries again what failed, after a pause that grows, and shows it', async () => {
    const { inbox, work, database } = await opened()
    await openTestQueue(database)
    let tries = 0
    work.handle({ concurrency: 1 }, async () => {
      tries += 1
      throw new Error(`try ${tries} failed\0`)
    })
    const [guid] = await store(inbox, 1)
    await expect.poll(() => tries, { timeout: 5_000 }).toBe(2)
    await database.execute('update inbox set attempts = 1000, due_at = clock_timestamp()')
    await expect.poll(() => tries, { timeout: 5_000 }).toBe(3)
    await expect
      .poll(() => failingWork(database))
      .toMatchObject([{ kind: 'delivery', key: guid, words: 'try 3 failed' }])
    const [failing] = await failingWork(database)
    expect(failing?.attempts).toBe(1001)
    const pause = (failing?.nextAt ?? 0) - Date.now()
    expect(pause).toBeGreaterThan(100_000)
    expect(pause).toBeLessThan(301_000)
  })

  it('does not keep others waiting for one that fails', async () => {
    const { inbox, work } = await opened()
    const done: string[] = []
    const [bad, ...good] = await store(inbox, 10)
    work.handle({ concurrency: 1 }, async guid => {
      if (guid === bad) throw new Error('no')
      await inbox.conclude(guid, 'handled', 'done')
      done.push(guid)
    })
    await expect.poll(() => done, { interval: 10 }).toEqual(good)
  })

  it('finishes what has begun before it stops, and leaves the rest to others at once', async () => {
    const { inbox, work, database } = await opened()
    const begun: string[] = []
    const letGo = Promise.withResolvers<void>()
    work.handle({ concurrency: 1 }, async guid => {
      begun.push(guid)
      await letGo.promise
      await inbox.conclude(guid, 'handled', 'done')
    })
    const guids = await store(inbox, 4)
    await expect.poll(() => begun.length, { interval: 5 }).toBe(1)
    await expect.poll(async () => (await rows(database)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1])
    const stopped = work.stop()
    letGo.resolve()
    await stopped
    expect(begun).toEqual(guids.slice(0, 1))
    expect(await rows(database)).toEqual(
      guids.map((guid, index) => ({
        guid,
        ...(index === 0 ? { outcome: 'handled', attempts: 1 } : { outcome: null, attempts: 0 }),
      })),
    )
    const due = 'select from inbox where outcome is null and due_at <= clock_timestamp()'
    expect(await database.execute(due)).toBe(3)
  })

  it('keeps what takes longer than others wait', async () => {
    const { inbox, work, database } = await opened()
    const letGo = Promise.withResolvers<void>()
    work.handle({ concurrency: 1 }, () => letGo.promise)
    await store(inbox, 1)
    const dueIn = async (): Promise<number> => {
      const sql = 'select extract(epoch from due_at - clock_timestamp())::float8 as seconds from inbox'
      return (await database.query(z.object({ seconds: z.number() }), sql))[0]?.seconds ?? 0
    }
    await expect.poll(dueIn).toBeGreaterThan(8)
    await database.execute(`update inbox set due_at = clock_timestamp() + interval '4 seconds'`)
    // It says every three seconds that it still works.
    await expect.poll(dueIn, { timeout: 3_900 }).toBeGreaterThan(8)
    letGo.resolve()
  })

  it('gives the delivery of a killed replica to another one within seconds', async () => {
    const { inbox, work, database } = await opened()
    const [guid = ''] = await store(inbox, 1)
    const victim = startReplica('takeDeliveries', await testDatabaseUrl(), database.schema)
    await victim.line(new RegExp(`^began ${guid}$`))
    await victim.kill()
    const killed = performance.now()
    const begun: string[] = []
    work.handle({ concurrency: 1 }, async each => void begun.push(each))
    await expect.poll(() => begun, { timeout: 15_000 }).toEqual([guid])
    expect(performance.now() - killed).toBeLessThan(12_500)
  }, 30_000)
})
