import * as z from 'zod'
import type { MissedDeliveries, MissedDelivery } from '../../ports/missed-deliveries.ts'
import { instant, whole } from './control/columns.ts'
import type { Queries } from './database.ts'

const shape = z
  .object({
    guid: z.string(),
    delivery: whole,
    event: z.string(),
    acknowledged: z.boolean(),
    delivered_at: instant,
    attempts: whole,
  })
  .transform(({ delivered_at: deliveredAt, ...row }): MissedDelivery => ({ ...row, deliveredAt }))

/** Of several attempts of one delivery, the first tells when it happened and the last is the one to repeat. */
const note = `
  insert into missed_delivery as known (guid, delivery, event, acknowledged, delivered_at)
  select guid, max(delivery), min(event), bool_or(acknowledged), min(delivered_at)
  from unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[], $5::timestamptz[])
    as listed (guid, delivery, event, acknowledged, delivered_at)
  where not exists (select 1 from inbox where inbox.guid = listed.guid)
  group by guid
  on conflict (guid) do update set
    delivery = greatest(known.delivery, excluded.delivery),
    acknowledged = known.acknowledged or excluded.acknowledged,
    delivered_at = least(known.delivered_at, excluded.delivered_at)
  returning (xmax = 0) as is_new`

/** Deliveries that did not arrive, in PostgreSQL beside those that did. */
export function createMissedDeliveries(queries: Queries): MissedDeliveries {
  return {
    note: async listed => {
      const rows = await queries.query(z.object({ is_new: z.boolean() }), note, [
        listed.map(({ guid }) => guid),
        listed.map(({ id }) => id),
        listed.map(({ event, action }) => (action === undefined ? event : `${event}.${action}`)),
        listed.map(({ succeeded }) => succeeded),
        listed.map(({ deliveredAt }) => new Date(deliveredAt)),
      ])
      return rows.filter(row => row.is_new).length
    },
    due: async limit => {
      await queries.execute('delete from missed_delivery where guid in (select guid from inbox)')
      const sql = `select guid, delivery, event, acknowledged, delivered_at, attempts from missed_delivery
        where next_at <= clock_timestamp() order by delivered_at, guid limit $1`
      return queries.query(shape, sql, [limit])
    },
    asked: async guid => {
      const sql = `update missed_delivery set attempts = attempts + 1,
        next_at = clock_timestamp() + least(interval '1 minute' * power(2, least(attempts, 6)), interval '1 hour') where guid = $1`
      await queries.execute(sql, [guid])
    },
    giveUp: async guid => {
      await queries.execute('delete from missed_delivery where guid = $1', [guid])
    },
  }
}
