import * as z from 'zod'
import type { EpochMs } from '../../../domain/units.ts'
import type { Subscriber, SubscriberRecords } from '../../../ports/control-store.ts'
import { absent, dateOf, instant, whole } from './columns.ts'
import { updateRow } from './row-statements.ts'
import type { TenantQueries } from './tenant-queries.ts'

const row = z.object({
  id: whole,
  repository: whole,
  url: z.string(),
  types: z.array(z.string()),
  created_at: instant,
  disabled_at: absent(instant),
  disabled_words: absent(z.string()),
  delivered_seq: whole,
  failures: whole,
  retry_at: absent(instant),
})
const columns = Object.keys(row.shape).join(', ')

const subscriberShape = row.transform(asSubscriber)
const signingShape = row
  .extend({ secret: z.string() })
  .transform(({ secret, ...rest }) => ({ ...asSubscriber(rest), secret }))

function asSubscriber(found: z.output<typeof row>): Subscriber {
  const { id, repository, url, types, created_at: createdAt, disabled_at: at, disabled_words: words, failures } = found
  const disabled = at === undefined ? undefined : { at, words: words ?? '' }
  const { delivered_seq: deliveredSeq, retry_at: retryAt } = found
  return { id, repository, url, types, createdAt, disabled, deliveredSeq, failures, retryAt }
}

/** Subscribers in PostgreSQL. Their secrets are read by nothing but what signs. */
export function subscriberRecords(queries: TenantQueries, now: EpochMs): SubscriberRecords {
  return {
    add: async ({ repository, url, secret, types }) => {
      const sql = `insert into subscriber (tenant, repository, url, secret, types, created_at, delivered_seq)
        values ($1, $2, $3, $4, $5, $6, coalesce((select seq from event_head where tenant = $1), 0)) returning id`
      const [added] = await queries.query(z.object({ id: whole }), sql, [repository, url, secret, types, dateOf(now)])
      if (added === undefined) throw new TypeError('an insert that returns its id returned none')
      return added.id
    },
    list: repository => {
      const sql = `select ${columns} from subscriber where tenant = $1 and repository = $2 order by id`
      return queries.query(subscriberShape, sql, [repository])
    },
    read: async id => {
      const sql = `select ${columns}, secret from subscriber where tenant = $1 and id = $2`
      const [found] = await queries.query(signingShape, sql, [id])
      return found
    },
    remove: async id => {
      await queries.execute('delete from subscriber where tenant = $1 and id = $2', [id])
    },
    disable: (id, words) =>
      updateRow(queries, 'subscriber', { key: { id }, row: { disabled_at: dateOf(now), disabled_words: words } }),
    progress: async (id, outcome) => {
      const [sets, value] =
        outcome.kind === 'delivered'
          ? ['delivered_seq = greatest(delivered_seq, $3), failures = 0, retry_at = null', outcome.seq]
          : ['failures = failures + 1, retry_at = $3', dateOf(outcome.retryAt)]
      await queries.execute(`update subscriber set ${sets} where tenant = $1 and id = $2`, [id, value])
    },
  }
}
