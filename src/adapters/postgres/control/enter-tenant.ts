import { z } from 'zod'
import { type EpochMs, epochMs } from '../../../domain/units.ts'
import type { Transaction } from '../database.ts'

const entered = z.object({ now: z.int() })

/**
 * Makes a transaction that of one tenant: from here to its end it sees and writes the rows of that tenant alone, whatever its statements say. Whoever
 * is above the policies of the tables acts as a role that is not: see the migration `002-tenancy`.
 *
 * @returns the clock of the database
 */
export async function enterTenant(tx: Transaction, tenant: number): Promise<EpochMs> {
  if (!Number.isSafeInteger(tenant)) throw new RangeError(`A tenant is the id of an installation, not ${tenant}.`)
  const sql = `select set_config('ringway.tenant', $1, true),
      case when (select rolsuper from pg_roles where rolname = current_user) then set_config('role', 'ringway_tenant', true) end,
      floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`
  const [row] = await tx.query(entered, sql, [String(tenant)])
  if (row === undefined) throw new TypeError('a select without a table gave no row')
  return epochMs(row.now)
}
