import * as z from 'zod'
import { epochMs } from '../../domain/units.ts'
import type { SweepAgenda } from '../../ports/sweep-agenda.ts'
import type { WorkSender } from '../../ports/work-queue.ts'
import { instant, whole } from './control/columns.ts'
import type { Database, Transaction } from './database.ts'

/** What the agenda needs: a store, and a queue that commits with it. */
export interface AgendaParts {
  readonly database: Database
  readonly queue: { sender(tx: Transaction): WorkSender }
}

const clock = z.object({ now: z.number() })
const marked = z.object({ at: instant })

const put = `insert into sweep_mark (name, at) values ($1, $2) on conflict (name) do update set at = excluded.at`

/** Those whose turn it is have it now: of two replicas that ask at once, each takes others. */
const take = `
  with due as (
    select d.tenant, d.repository, $1 || ' ' || d.tenant || '/' || d.repository as name
    from repository_directory d left join sweep_mark m on m.name = $1 || ' ' || d.tenant || '/' || d.repository
    where m.at is null or m.at <= clock_timestamp() - $2 * interval '1 millisecond'
    order by m.at nulls first, d.tenant, d.repository limit $3
  ), taken as (
    insert into sweep_mark as mark (name, at) select name, clock_timestamp() from due order by name
    on conflict (name) do update set at = excluded.at
      where mark.at <= clock_timestamp() - $2 * interval '1 millisecond'
    returning name
  )
  select tenant, repository from due join taken using (name)`

/** The agenda in PostgreSQL. */
export function createSweepAgenda({ database, queue }: AgendaParts): SweepAgenda {
  return {
    now: async () => {
      const sql = 'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now'
      const [row] = await database.query(clock, sql)
      if (row === undefined) throw new TypeError('a select without a table gave no row')
      return epochMs(row.now)
    },
    read: async name => (await database.query(marked, 'select at from sweep_mark where name = $1', [name]))[0]?.at,
    write: async (name, at) => {
      await database.execute(put, [name, new Date(at)])
    },
    forget: async prefix => {
      await database.execute('delete from sweep_mark where starts_with(name, $1)', [prefix])
    },
    sweepNow: sweeps =>
      database.transaction(async tx => {
        for (const sweep of sweeps.toSorted()) await queue.sender(tx).send({ kind: 'sweep', sweep })
      }),
    queueRepositories: (sweep, { every, limit }) =>
      database.transaction(async tx => {
        const shape = z.object({ tenant: whole, repository: whole })
        const due = await tx.query(shape, take, [sweep, every, limit])
        // In one order: two transactions that queue the same work wait for each other.
        for (const { tenant, repository } of due.toSorted((a, b) => a.repository - b.repository)) {
          await queue.sender(tx).send({ kind: 'repository', sweep, tenant, repository })
        }
        return due.length
      }),
    queueRepository: (sweep, { tenant, repository }) =>
      database.transaction(tx => queue.sender(tx).send({ kind: 'repository', sweep, tenant, repository })),
  }
}
