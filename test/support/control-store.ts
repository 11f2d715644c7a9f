import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { createControlStore } from '../../src/adapters/postgres/control/control-store.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { queueSchema } from '../../src/adapters/postgres/job-sender.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { openWorkQueue } from '../../src/adapters/postgres/work-queue.ts'
import type { ControlStore } from '../../src/ports/control-store.ts'
import type { Work } from '../../src/ports/work-queue.ts'
import { testDatabaseUrl } from './postgres.ts'

/** The App's memory on PostgreSQL, with the real queue. */
export interface TestControlStore {
  readonly store: ControlStore
  readonly database: Database
  /** The work of a tenant that is queued, the oldest first. */
  queued(tenant: number): Promise<readonly Work[]>
}

/** A store for all tests of a file, each of which has a tenant of its own. To be disposed of in `afterAll`. */
export async function openSharedControlStore(): Promise<TestControlStore & AsyncDisposable> {
  const schema = `test_${randomBytes(6).toString('hex')}`
  const database = await openDatabase({ url: await testDatabaseUrl() }, { schema })
  const queue = await openWorkQueue({ database, report: () => undefined })
  return {
    store: createControlStore({ database, queue }),
    database,
    queued: async tenant => {
      const sql = `select data from ${queueSchema(schema)}.job where state = 'created' order by created_on, id`
      const jobs = await database.query(z.object({ data: z.custom<Work>() }), sql)
      return jobs.map(({ data }) => data).filter(work => 'tenant' in work && work.tenant === tenant)
    },
    [Symbol.asyncDispose]: async () => {
      await queue.stop()
      await database.execute(`drop schema ${schema}, ${queueSchema(schema)} cascade`)
      await database.close()
    },
  }
}
