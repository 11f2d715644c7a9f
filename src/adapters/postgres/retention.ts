import * as z from 'zod'
import type { DurationMs } from '../../domain/units.ts'
import type { Removed, Retention, RetentionTimes } from '../../ports/retention.ts'
import { whole } from './control/columns.ts'
import { enterTenant } from './control/enter-tenant.ts'
import type { Database } from './database.ts'

/** What keeps its own time, such as the guard against tokens that are used twice. */
export interface Forgetful {
  /** @returns how much it forgot */
  forget(): Promise<number>
}

/** Rows that one statement removes at most: locks are short, and others go on between. */
const batch = 5_000

/** `$1` is the tenant, `$2` for how many milliseconds it is kept, `$3` how many rows. */
const ofTenant = {
  // What is open may be looked up and changed again: then what GitHub gave for it is needed.
  effects: `
    delete from effect where tenant = $1 and key in (
      select key from effect e where e.tenant = $1 and e.state = 'done' and e.wanted_at < clock_timestamp() - $2 * interval '1 millisecond'
        and not exists (
          select 1 from deployment d where d.tenant = $1 and d.state not in ('failed', 'rolled_back', 'superseded')
            and (d.id::text in (e.effect -> 'deed' ->> 'deployment', e.effect -> 'display' ->> 'deployment')
              or d.promotion in (e.effect -> 'deed' ->> 'promotion', e.effect -> 'display' ->> 'promotion')))
        and not exists (
          select 1 from promotion p where p.tenant = $1 and p.state in ('requested', 'gated', 'authorised', 'dispatched')
            and p.id in (e.effect -> 'deed' ->> 'promotion', e.effect -> 'display' ->> 'promotion'))
      limit $3)`,
  commands: `
    delete from command where tenant = $1 and key in (
      select key from command where tenant = $1 and at < clock_timestamp() - $2 * interval '1 millisecond' limit $3)`,
  events: `
    delete from event where tenant = $1 and seq in (
      select seq from event e where e.tenant = $1 and e.at < clock_timestamp() - $2 * interval '1 millisecond'
        and not exists (
          select 1 from deployment d where d.tenant = $1 and d.id = e.deployment
            and d.state not in ('failed', 'rolled_back', 'superseded'))
      order by seq limit $3)`,
  notices: `
    delete from notice where tenant = $1 and key in (
      select key from notice where tenant = $1 and at < clock_timestamp() - $2 * interval '1 millisecond' limit $3)`,
} as const

const deliveries = `
  delete from inbox where seq in (
    select seq from inbox where outcome is not null and received_at < clock_timestamp() - $1 * interval '1 millisecond' limit $2)`

/** Bodies of which every delivery has gone. */
const packs = `
  delete from pack where id in (
    select id from pack where not exists (select from inbox where inbox.pack = pack.id) order by id limit $1)`

/** Tenants that have anything: whoever was ever asked for on GitHub has a budget, and whoever did anything has a log. */
const tenants = `
  select tenant from call_budget union select tenant from audit_head union select tenant from repository_directory order by tenant`

/**
 * Removal in PostgreSQL, a little at a time.
 *
 * @param keys - those that remove for themselves what they alone understand
 */
export function createRetention(database: Database, keys: readonly Forgetful[]): Retention {
  const repeat = async (removeSome: () => Promise<number>): Promise<number> => {
    for (let removed = 0; ; ) {
      const some = await removeSome()
      removed += some
      if (some < batch) return removed
    }
  }
  const removeOf = (tenant: number, sql: string, keep: DurationMs): Promise<number> =>
    repeat(() =>
      database.transaction(async tx => {
        await enterTenant(tx, tenant)
        return await tx.execute(sql, [tenant, keep, batch])
      }),
    )
  return {
    remove: async (times: RetentionTimes): Promise<Removed> => {
      const removed = { deliveries: 0, effects: 0, commands: 0, events: 0, notices: 0, keys: 0 }
      removed.deliveries = await repeat(() => database.execute(deliveries, [times.deliveries, batch]))
      await repeat(() => database.execute(packs, [batch]))
      for (const { tenant } of await database.query(z.object({ tenant: whole }), tenants)) {
        for (const what of ['effects', 'commands', 'events', 'notices'] as const) {
          removed[what] += await removeOf(tenant, ofTenant[what], times[what])
        }
      }
      for (const key of keys) removed.keys += await key.forget()
      return removed
    },
  }
}
