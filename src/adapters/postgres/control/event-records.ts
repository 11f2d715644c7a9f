import * as z from 'zod'
import type { EpochMs } from '../../../domain/units.ts'
import type { EventRecords, NewEvent, StoredEvent } from '../../../ports/control-store.ts'
import { dateOf, instant, whole } from './columns.ts'
import { conditionsOf } from './conditions.ts'
import { storableJson } from './storable.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const eventShape = z
  .object({
    tenant: whole,
    seq: whole,
    id: z.string(),
    type: z.string(),
    repository: whole,
    solution: z.string(),
    ring: z.string(),
    data: z.record(z.string(), z.unknown()),
    at: instant,
  })
  .transform(
    ({ tenant, repository, solution, ring, ...event }): StoredEvent => ({
      ...event,
      key: { tenant, repository, solution, ring },
    }),
  )

/** The head's row stays locked until the commit, so that events are seen in the order of their numbers. */
const appended = `
  with head as (
    insert into event_head (tenant, seq) values ($1, 1) on conflict (tenant) do update set seq = event_head.seq + 1 returning seq
  )
  insert into event (tenant, seq, type, repository, solution, ring, deployment, data, at)
    select $1, seq, $2, $3, $4, $5, $6, $7, $8 from head`

/** Events in PostgreSQL. */
export interface PostgresEvents extends EventRecords {
  /**
   * Numbers and writes what was appended: at the end of the transaction, because all transactions of the tenant wait here for each other.
   *
   * @returns the subscribers that want some of it
   */
  flush(): Promise<readonly number[]>
}

/** @param now - when what this transaction appends happened */
export function eventRecords(queries: TenantQueries, now: EpochMs): PostgresEvents {
  let pending: NewEvent[] = []
  const subscribers = new Set<number>()
  const flush = async (): Promise<readonly number[]> => {
    const events = pending
    pending = []
    for (const { type, key, data } of events) {
      const deployment = whole.safeParse(data['deployment']).data
      const values = [type, key.repository, key.solution, key.ring, deployment, storableJson(data), dateOf(now)]
      await queries.execute(appended, values)
    }
    if (events.length > 0) {
      for (const [repository, types] of typesByRepository(events)) {
        for (const id of await wanting(queries, repository, types)) subscribers.add(id)
      }
    }
    return [...subscribers].toSorted((a, b) => a - b)
  }
  return {
    flush,
    append: async event => {
      confirmTenant(queries, event.key)
      pending.push(event)
    },
    list: async ({ repository, type, deployment, after, limit }) => {
      await flush()
      const { where, values } = conditionsOf(
        {
          'repository = ?': repository,
          'type = ?': type,
          'deployment = ?': deployment,
          'seq > ?': after,
        },
        3,
      )
      return queries.query(eventShape, `select * from event where ${where} order by seq limit $2`, [limit, ...values])
    },
  }
}

function typesByRepository(events: readonly NewEvent[]): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>()
  for (const { key, type } of events) found.set(key.repository, (found.get(key.repository) ?? new Set()).add(type))
  return found
}

async function wanting(
  queries: TenantQueries,
  repository: number,
  types: ReadonlySet<string>,
): Promise<readonly number[]> {
  const sql = `select id from subscriber where tenant = $1 and repository = $2 and disabled_at is null
    and (cardinality(types) = 0 or types && $3::text[])`
  const found = await queries.query(z.object({ id: whole }), sql, [repository, [...types]])
  return found.map(({ id }) => id)
}
