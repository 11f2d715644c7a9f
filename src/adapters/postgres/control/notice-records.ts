import type { EpochMs } from '../../../domain/units.ts'
import type { NoticeRecords } from '../../../ports/control-store.ts'
import { dateOf } from './columns.ts'
import { insertRow } from './row-statements.ts'
import type { TenantQueries } from './tenant-queries.ts'

/** What was noticed, in PostgreSQL. */
export function noticeRecords(queries: TenantQueries, now: EpochMs): NoticeRecords {
  return {
    first: async key => {
      const row = { key, at: dateOf(now) }
      return (await insertRow(queries, 'notice', { row, more: 'on conflict (tenant, key) do nothing' })) > 0
    },
  }
}
