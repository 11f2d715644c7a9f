import * as z from 'zod'
import type { RepositoryDirectory } from '../../ports/repository-directory.ts'
import type { NamedRepository } from '../../ports/user-tokens.ts'
import { whole } from './control/columns.ts'
import type { Queries } from './database.ts'

const named = z.object({ tenant: whole, repository: whole, owner: z.string(), name: z.string() })

/**
 * The directory in PostgreSQL: a table that triggers keep beside the records of each tenant. Events about a repository that moved or was renamed may
 * come late; until then the newer installation has it, and the newer repository has the name.
 */
export function createRepositoryDirectory(queries: Queries): RepositoryDirectory {
  const find = (condition: string, values: readonly unknown[]): Promise<NamedRepository[]> => {
    const sql = `select distinct on (repository) tenant, repository, owner, name from repository_directory
      where ${condition} order by repository, tenant desc`
    return queries.query(named, sql, values)
  }
  return {
    byName: async (owner, name) =>
      (await find('lower(owner) = lower($1) and lower(name) = lower($2)', [owner, name])).at(-1),
    byId: async repository => (await find('repository = $1', [repository]))[0],
    among: async repositories =>
      (await find('repository = any($1::bigint[])', [repositories])).toSorted((one, other) =>
        nameOf(one) < nameOf(other) ? -1 : 1,
      ),
  }
}

function nameOf({ owner, name }: NamedRepository): string {
  return `${owner}/${name}`
}
