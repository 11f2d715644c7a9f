import { createHash } from 'node:crypto'
import { z } from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Database, Queries, Transaction } from './database.ts'
import type { Migration } from './migrations/migration.ts'

const applied = z.object({ place: z.number(), name: z.string(), checksum: z.string() })
type Applied = z.output<typeof applied>

/**
 * Applies the migrations that are missing, each in a transaction; of any number of replicas that start at once one applies, the others wait.
 *
 * @throws {RingwayError} `database_incompatible` when the database is newer than this program, or was made by another history
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  migrations.forEach(({ name }, index) => {
    if (Number.parseInt(name, 10) !== index + 1) throw new RangeError(`Migration ${name} stands at place ${index + 1}.`)
  })
  const done = (await isFounded(database)) ? await checked(database, migrations) : 0
  for (let next = done; next < migrations.length; ) {
    next = await database.transaction(tx => applyNext(tx, migrations))
  }
}

async function isFounded(database: Database): Promise<boolean> {
  const sql = `select to_regclass(format('%I.migration', $1::text)) is not null as founded`
  const [row] = await database.query(z.object({ founded: z.boolean() }), sql, [database.schema])
  return row?.founded ?? false
}

/** @returns how many are applied afterwards */
async function applyNext(tx: Transaction, migrations: readonly Migration[]): Promise<number> {
  // Another replica's migration, and ours, may take longer than a statement otherwise may.
  await tx.execute(`set local lock_timeout = 0; set local statement_timeout = 0`)
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('ringway.migrate.' || $1, 0))`, [tx.schema])
  await tx.execute(`
    create schema if not exists ${tx.schema};
    create table if not exists migration (
      place integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`)
  const done = await checked(tx, migrations)
  const migration = migrations[done]
  if (migration === undefined) return done
  await tx.execute(migration.sql)
  const values = [done + 1, migration.name, checksumOf(migration)]
  await tx.execute('insert into migration (place, name, checksum) values ($1, $2, $3)', values)
  return done + 1
}

/** @returns how many are applied */
async function checked(queries: Queries, migrations: readonly Migration[]): Promise<number> {
  const found = await queries.query(applied, 'select place, name, checksum from migration order by place')
  for (const row of found) {
    const known = migrations[row.place - 1]
    if (known === undefined) throw newer(row, migrations)
    if (known.name !== row.name || checksumOf(known) !== row.checksum) throw changed(row, known)
  }
  return found.length
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}

function newer(row: Applied, migrations: readonly Migration[]): RingwayError {
  return new RingwayError({
    code: 'database_incompatible',
    message: `The database is at migration ${row.name}, and this version of Ringway knows only ${migrations.length}.`,
    remedy: 'Run the version of Ringway that migrated it, or a later one.',
    facts: { migration: row.name },
  })
}

function changed(row: Applied, known: Migration): RingwayError {
  return new RingwayError({
    code: 'database_incompatible',
    message: `Migration ${row.name} of the database is not the ${known.name} of this version of Ringway.`,
    remedy: 'Run a released version of Ringway: released migrations never change.',
    facts: { migration: row.name },
  })
}
