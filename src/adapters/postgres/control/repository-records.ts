import * as z from 'zod'
import type { RepositoryRecord, RepositoryRecords } from '../../../ports/control-store.ts'
import { absent, dateOf, instant, whole } from './columns.ts'
import { insertRow } from './row-statements.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const shape = z
  .object({
    tenant: whole,
    repository: whole,
    owner: z.string(),
    name: z.string(),
    default_branch: z.string(),
    removed_at: absent(instant),
  })
  .transform(
    ({ default_branch: defaultBranch, removed_at: removedAt, ...row }): RepositoryRecord => ({
      ...row,
      defaultBranch,
      removedAt,
    }),
  )

/** Repositories in PostgreSQL. */
export function repositoryRecords(queries: TenantQueries): RepositoryRecords {
  return {
    read: async repository => {
      const sql = 'select * from repository where tenant = $1 and repository = $2'
      const [found] = await queries.query(shape, sql, [repository])
      return found
    },
    list: () => queries.query(shape, 'select * from repository where tenant = $1 order by owner, name, repository'),
    put: async record => {
      confirmTenant(queries, record)
      const { repository, owner, name, defaultBranch, removedAt } = record
      await insertRow(queries, 'repository', {
        row: { repository, owner, name, default_branch: defaultBranch, removed_at: dateOf(removedAt) },
        more: `on conflict (tenant, repository) do update set owner = excluded.owner, name = excluded.name,
          default_branch = excluded.default_branch, removed_at = excluded.removed_at`,
      })
    },
  }
}
