import type { ReplayGuard } from '../../ports/replay-guard.ts'
import type { Queries } from './database.ts'

/** Remembers used identity tokens for all replicas. */
export interface PostgresReplayGuard extends ReplayGuard {
  /** Forgets tokens that have expired an hour ago: clocks of replicas may differ from that of the database. @returns how many */
  forget(): Promise<number>
}

/** The guard in PostgreSQL: of any number of uses at once, one inserts the row. */
export function createReplayGuard(queries: Queries): PostgresReplayGuard {
  return {
    async use(id, until) {
      const sql = 'insert into used_identity_token (id, until) values ($1, $2) on conflict do nothing'
      return (await queries.execute(sql, [id, new Date(until)])) === 1
    },
    forget: () =>
      queries.execute(`delete from used_identity_token where until < clock_timestamp() - interval '1 hour'`),
  }
}
