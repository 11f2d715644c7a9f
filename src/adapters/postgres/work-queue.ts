import { type ConstructorOptions, PgBoss } from 'pg-boss'
import type { WorkKind, WorkOf, WorkQueue, WorkSender } from '../../ports/work-queue.ts'
import type { Database, Transaction } from './database.ts'
import { createJobSender, queueSchema } from './job-sender.ts'
import { workKey, workShapes } from './work-shape.ts'

/** The queue in PostgreSQL, with what only the adapters of this folder and the wiring need. */
export interface PostgresWorkQueue extends WorkQueue {
  /** Work that `tx` sends is queued if and only if `tx` commits. */
  sender(tx: Transaction): WorkSender
}

/** What the queue is told from outside. */
export interface QueueOptions {
  readonly database: Database
  /** Gets one line for each thing that went wrong outside of a handler, such as a connection that was lost; the queue goes on by itself. */
  readonly report: (line: string) => void
}

/**
 * Nothing is ever dropped: what fails is tried again after 1-2 s, 2-4 s … and at last every 2.5-5 minutes for ever. A worker that says nothing for
 * ten seconds is dead; the least that pg-boss takes.
 */
const queueOptions = {
  retryLimit: 2_000_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 300,
  heartbeatSeconds: 10,
  expireInSeconds: 15 * 60,
  retentionSeconds: 10 * 365 * 24 * 3600,
  deleteAfterSeconds: 3600,
  notify: true,
}

/** Seconds. Workers are woken by the job itself; the poll finds what comes due and what a lost connection did not tell. */
const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 }

/** Starts the queue; its schema is made or brought up to date. No work is taken before a handler is there. */
export async function openWorkQueue({ database, report }: QueueOptions): Promise<PostgresWorkQueue> {
  const boss = new PgBoss({
    ...connectionOf(database),
    schema: queueSchema(database.schema),
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: 60,
  })
  boss.on('error', error => report(`queue: ${error.message}`))
  await boss.start()
  for (const kind of Object.keys(workShapes)) {
    await boss.createQueue(kind, { ...queueOptions, policy: 'short' })
    await boss.updateQueue(kind, queueOptions)
  }
  return {
    sender: tx => createJobSender(boss, tx),
    handle: async (kind, { concurrency }, handler) => {
      for (let worker = 0; worker < concurrency; worker += 1) await startWorker({ boss, database, kind, handler })
    },
    repeat: (work, { minutes }) =>
      boss.schedule(work.kind, cronOf(minutes), work, { key: work.sweep, singletonKey: workKey(work), missed: 'once' }),
    stop: async () => {
      // At once: boss.stop() closes its listener first, and workers would go on taking work meanwhile.
      await Promise.all(Object.keys(workShapes).map(kind => boss.offWork(kind, { wait: false })))
      await boss.stop({ graceful: true, close: true })
    },
  }
}

/** Its own connections, one of them for notices. Its upkeep rebuilds indexes, which takes longer than our statements may. */
function connectionOf({ connection }: Database): ConstructorOptions {
  const { host, port, user, database, connectionString, application_name, options = '' } = connection
  const address = connectionString === undefined ? { host, port, user, database } : { connectionString }
  const given = Object.entries({ ...address, application_name }).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), options: `${options} -c statement_timeout=600000` }
}

interface Worker<K extends WorkKind> {
  readonly boss: PgBoss
  readonly database: Database
  readonly kind: K
  readonly handler: (work: WorkOf<K>) => Promise<void>
}

async function startWorker<K extends WorkKind>({ boss, database, kind, handler }: Worker<K>): Promise<void> {
  const id = await boss.work(kind, { ...polling, batchSize: 1, includeMetadata: true }, async ([job]) => {
    if (job === undefined) return
    try {
      await handler(workShapes[kind].parse(job.data))
    } catch (error) {
      await forgetEarlierFailures(database, kind, job.singletonKey)
      throw error
    } finally {
      // There may be more: without this the worker would rest until its next poll.
      boss.notifyWorker(id)
    }
  })
}

/** This failure is about to be tried again, which does what the earlier ones of the same work wait for: they would only pile up. */
async function forgetEarlierFailures(database: Database, kind: WorkKind, key: string | null): Promise<void> {
  const sql = `delete from ${queueSchema(database.schema)}.job where name = $1 and singleton_key = $2 and state = 'retry'`
  await database.execute(sql, [kind, key])
}

/** @throws {RangeError} when the interval divides neither an hour nor a day */
function cronOf(minutes: number): string {
  if (Number.isInteger(minutes) && minutes > 0) {
    if (60 % minutes === 0) return minutes === 60 ? '0 * * * *' : `*/${minutes} * * * *`
    if (1440 % minutes === 0 && minutes % 60 === 0) return minutes === 1440 ? '0 0 * * *' : `0 */${minutes / 60} * * *`
  }
  throw new RangeError(
    `Work is repeated every so many minutes as divide an hour or hours as divide a day, not ${minutes}.`,
  )
}
