import * as z from 'zod'
import type { EpochMs } from '../../../domain/units.ts'
import type { CommandRecords } from '../../../ports/control-store.ts'
import { dateOf, instant } from './columns.ts'
import { insertRow } from './row-statements.ts'
import type { TenantQueries } from './tenant-queries.ts'

const recentShape = z.object({ at: instant, admitted: z.boolean() })

/** Commands that came, in PostgreSQL. */
export function commandRecords(queries: TenantQueries, now: EpochMs): CommandRecords {
  return {
    take: async ({ key, actor, admitted }) => {
      const row = { key, actor, admitted, at: dateOf(now) }
      return (await insertRow(queries, 'command', { row, more: 'on conflict (tenant, key) do nothing' })) > 0
    },
    isTaken: async key =>
      (await queries.query(z.unknown(), 'select 1 from command where tenant = $1 and key = $2', [key])).length > 0,
    recent: actor => {
      const sql = `select at, admitted from command
        where tenant = $1 and actor = $2 and at > $3::timestamptz - interval '1 hour' order by at, key`
      return queries.query(recentShape, sql, [actor, dateOf(now)])
    },
  }
}
