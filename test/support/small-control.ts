import { hash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { rememberRepositories } from '../../app/control/remember-repositories.ts'
import { createControlStore } from '../../src/adapters/postgres/control/control-store.ts'
import type { Database, Queries, Transaction } from '../../src/adapters/postgres/database.ts'
import { createLeases } from '../../src/adapters/postgres/leases.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { workKey } from '../../src/adapters/postgres/work-shape.ts'
import { readOrganisationFile } from '../../src/config/read-organisation-file.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import type { Work } from '../../src/ports/work-queue.ts'
import { testDatabaseUrl } from './postgres.ts'
import { createSmallGithub, openSmallRepository, type SmallGithub } from './small-github.ts'

/** The engine over the real store, a small GitHub, a clock that can be moved, and work that is done when a test says so. */
export interface SmallControl {
  readonly control: ControlPorts
  readonly github: SmallGithub
  readonly key: RepositoryKey
  readonly database: Database
  /** Lets time pass for the store. Milliseconds. */
  pass(time: number): void
  /** What is due now, in an order that only depends on what it is. */
  due(): Promise<readonly Work[]>
  /** Takes work out of the queue. */
  take(work: Work): Promise<void>
  /** Puts work back that failed. */
  putBack(work: Work): Promise<void>
  /** When the next work comes due, as milliseconds from now; undefined when there is none. */
  untilNextDue(): Promise<number | undefined>
}

/** A store for many worlds, each a tenant of its own. */
export interface SmallControls extends AsyncDisposable {
  /** A world that nobody has touched. */
  open(): SmallControl
}

/** Opens the store. To be disposed of in `afterAll`. */
export async function openSmallControls(): Promise<SmallControls> {
  const schema = `test_${randomBytes(6).toString('hex')}`
  const database = await openDatabase({ url: await testDatabaseUrl() }, { schema })
  // What a power cut would do is shown elsewhere.
  database.pool.on('connect', client => void client.query('set synchronous_commit to off'))
  await database.execute(
    `create table small_work (tenant bigint not null, key text not null, work jsonb not null, due bigint not null, primary key (tenant, key, due))`,
  )
  let tenants = 0
  return {
    open() {
      tenants += 1
      return openSmallControl(database, { tenant: tenants, repository: 42 })
    },
    async [Symbol.asyncDispose]() {
      await database.execute(`drop schema ${schema} cascade`)
      await database.close()
    },
  }
}

const workRow = z.object({ work: z.custom<Work>() })

function openSmallControl(opened: Database, key: RepositoryKey): SmallControl {
  let passed = 0
  const database = shifted(opened, () => passed)
  const github = createSmallGithub()
  const { tenant } = key
  const add = (tx: Queries, work: Work, due: number): Promise<number> =>
    tx.execute('insert into small_work values ($1, $2, $3, $4) on conflict do nothing', [
      tenant,
      `${work.kind} ${workKey(work)}`,
      JSON.stringify(work),
      due,
    ])
  const queue = {
    sender: (tx: Transaction) => ({
      send: async (work: Work, due?: number) => {
        await add(tx, work, due ?? 0)
      },
    }),
  }
  let ids = 0
  const control: ControlPorts = {
    store: createControlStore({ database, queue }),
    leases: createLeases(database),
    ...rememberRepositories(
      async () => openSmallRepository(github),
      () => performance.now() + passed,
    ),
    ringFilePath: '.github/rings.yml',
    readRingFile: async (text, path) => readRingFile(text, path),
    readOrganisationFile: async (text, path) => readOrganisationFile(text, path),
    self: { id: 9_999, login: 'ringway[bot]' },
    newId: () => {
      ids += 1
      return `p${tenant}-${ids}`
    },
    sha256: text => hash('sha256', text, 'hex'),
  }
  const now = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint'
  return {
    control,
    github,
    key,
    database,
    pass: time => {
      passed += time
    },
    due: async () => {
      const sql = `select work from small_work where tenant = $1 and due <= ${now} order by key, due`
      return (await database.query(workRow, sql, [tenant])).map(({ work }) => work)
    },
    take: async work => {
      const sql = `delete from small_work where tenant = $1 and key = $2 and due <= ${now}`
      await database.execute(sql, [tenant, `${work.kind} ${workKey(work)}`])
    },
    putBack: async work => {
      await add(database, work, 0)
    },
    untilNextDue: async () => {
      const sql = `select (min(due) - ${now})::float8 as left from small_work where tenant = $1`
      const [row] = await database.query(z.object({ left: z.number().nullable() }), sql, [tenant])
      return row?.left ?? undefined
    },
  }
}

/** The same database, whose clock is ahead. */
function shifted(database: Database, ahead: () => number): Database {
  const moved = (sql: string): string =>
    sql.replaceAll('clock_timestamp()', `(clock_timestamp() + interval '${ahead()} milliseconds')`)
  const queries = (inner: Queries): Queries => ({
    query: (shape, sql, values) => inner.query(shape, moved(sql), values),
    execute: (sql, values) => inner.execute(moved(sql), values),
  })
  return {
    ...database,
    ...queries(database),
    transaction: (work, options) => database.transaction(tx => work({ schema: tx.schema, ...queries(tx) }), options),
  }
}
