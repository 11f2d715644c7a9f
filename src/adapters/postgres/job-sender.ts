import type { ConnectionOptions, PgBoss } from 'pg-boss'
import { z } from 'zod'
import { type EpochMs, epochMs } from '../../domain/units.ts'
import type { Work, WorkKind, WorkSender } from '../../ports/work-queue.ts'
import type { Queries, Transaction } from './database.ts'
import { workKey } from './work-shape.ts'

/** The schema of the queue beside that of the tables. */
export function queueSchema(schema: string): string {
  return `${schema}_queue`
}

/** A sender whose jobs commit with the transaction. */
export function createJobSender(boss: PgBoss, tx: Transaction): WorkSender {
  return {
    send: async (work, due) => {
      const job = jobOf(work, due)
      // Lost where the job that is there begins between the two statements: then it is no longer one that is queued.
      for (;;) {
        const id = await boss.send(work.kind, work, { ...job, ...joining(tx) })
        if (id !== null || (await holdQueued(tx, work.kind, job.singletonKey))) return
      }
    },
  }
}

function jobOf(work: Work, due: EpochMs | undefined): { readonly singletonKey: string; readonly startAfter?: string } {
  if (due === undefined) return { singletonKey: workKey(work) }
  return { singletonKey: `${workKey(work)}@${epochMs(due)}`, startAfter: new Date(due).toISOString() }
}

/**
 * The same work is queued already. Its worker must not begin before this transaction has committed, or it would look at what was before, and
 * nobody would look again: so its row is locked, and workers pass over rows that are locked. They are told to look again at the commit.
 *
 * @returns false when it has begun meanwhile
 */
async function holdQueued(tx: Transaction, kind: WorkKind, singletonKey: string): Promise<boolean> {
  const schema = queueSchema(tx.schema)
  const held = await tx.execute(
    `select 1 from ${schema}.job where name = $1 and singleton_key = $2 and state = 'created' for share`,
    [kind, singletonKey],
  )
  // The name of the channel is pg-boss's own (notifyChannelSql in its plans.js). Were it another one, the work would wait for the next poll.
  await tx.execute(`select pg_notify('pgboss_' || left(encode(sha224('${schema}'::bytea), 'hex'), 24), $1)`, [kind])
  return held > 0
}

/** pg-boss runs its statements where it is told to. */
function joining(queries: Queries): ConnectionOptions {
  return { db: { executeSql: async (sql, values) => ({ rows: await queries.query(z.unknown(), sql, values ?? []) }) } }
}
