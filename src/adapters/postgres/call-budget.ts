import { z } from 'zod'
import type { CallBudget, CallKind, LimitNotice } from '../../ports/call-budget.ts'
import type { Database } from './database.ts'

/**
 * What GitHub lets an installation do within a time, divided into what may be taken at once and what comes back meanwhile: so no minute and no hour,
 * wherever it begins, holds more than GitHub allows.
 *
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: 900 points and 80 contents a minute, 500 contents an
 * hour, and 5,000 calls an hour at least
 */
const buckets = {
  points_minute: { atOnce: 450, refill: 450, seconds: 60 },
  content_minute: { atOnce: 50, refill: 30, seconds: 60 },
  content_hour: { atOnce: 100, refill: 400, seconds: 3600 },
  calls_hour: { atOnce: 2_000, refill: 3_000, seconds: 3600 },
} as const

type Bucket = keyof typeof buckets
type Costs = Readonly<Record<Bucket, number>>

/** Tokens that a call takes of each bucket. */
const costs: { readonly [K in CallKind]: Costs } = {
  read: { points_minute: 1, calls_hour: 1, content_minute: 0, content_hour: 0 },
  write: { points_minute: 5, calls_hour: 1, content_minute: 0, content_hour: 0 },
  content: { points_minute: 5, calls_hour: 1, content_minute: 1, content_hour: 1 },
}

/** Milliseconds. Where GitHub does not say how long: a minute, twice as long with each further refusal, and afresh after so long without one. */
const pauses = { least: 60_000, most: 900_000, forgottenAfter: 900_000 }

const waitShape = z.object({ wait: z.number() })
const pauseShape = z.object({ refusals: z.number(), sincePause: z.number().nullable() })

/**
 * The budget of each installation in a table, by the database's clock, so that all replicas share it.
 *
 * @param options - `hasQuotas`: whether the server counts calls. github.com does; an Enterprise Server does not unless its operator wants it
 * (https://docs.github.com/enterprise-server/admin/configuring-settings/configuring-user-applications-for-your-enterprise/configuring-rate-limits),
 * and then says so by refusing, which is honoured everywhere (default true)
 */
export function createCallBudget(database: Database, { hasQuotas = true } = {}): CallBudget {
  return {
    take: (tenant, kind) => (hasQuotas ? take(database, tenant, kind) : waitForPause(database, tenant)),
    refused: (tenant, notice) => pause(database, tenant, notice),
  }
}

async function take(database: Database, tenant: number, kind: CallKind): Promise<number> {
  if ((await database.execute(statements[kind].take, [tenant])) === 1) return 0
  const [row] = await database.query(waitShape, statements[kind].wait, [tenant])
  // What was short a moment ago may be there now: then it is asked for again at once, and by then somebody else may have it.
  return Math.max(1, Math.ceil(row?.wait ?? 1))
}

async function waitForPause(database: Database, tenant: number): Promise<number> {
  const sql = `select extract(epoch from paused_until - clock_timestamp())::float8 * 1000 as wait from call_budget
    where tenant = $1 and paused_until > clock_timestamp()`
  const [row] = await database.query(waitShape, sql, [tenant])
  return Math.max(0, Math.ceil(row?.wait ?? 0))
}

const statements = {
  read: statementsFor(costs.read),
  write: statementsFor(costs.write),
  content: statementsFor(costs.content),
}

/** One statement takes of all buckets or of none, so no two replicas take the same token. */
function statementsFor(cost: Costs): { readonly take: string; readonly wait: string } {
  const names = Object.keys(buckets).filter(isBucket)
  const used = names.filter(name => cost[name] > 0)
  const after = (name: Bucket): string => `kept.${name} + ${span(name, cost[name])}`
  const values = names.map(name => `at + ${span(name, cost[name])}`)
  const fits = used.map(
    name => `${after(name)} <= excluded.${name} - ${span(name, cost[name])} + ${span(name, buckets[name].atOnce)}`,
  )
  const waits = used.map(name => `${after(name)} - ${span(name, buckets[name].atOnce)}`)
  return {
    take: `
      insert into call_budget as kept (tenant, ${names.join(', ')})
      select $1::bigint, ${values.join(', ')} from (select clock_timestamp() as at) as clock
      on conflict (tenant) do update set ${used.map(name => `${name} = greatest(${after(name)}, excluded.${name})`).join(', ')}
      where (kept.paused_until is null or kept.paused_until <= clock_timestamp()) and ${fits.join(' and ')}`,
    wait: `
      select extract(epoch from greatest(kept.paused_until, ${waits.join(', ')}) - clock_timestamp())::float8 * 1000 as wait
      from call_budget as kept where tenant = $1`,
  }
}

/** How long a bucket takes to get so many tokens back. */
function span(bucket: Bucket, tokens: number): string {
  const { refill, seconds } = buckets[bucket]
  return `interval '${Math.ceil((tokens * seconds * 1_000_000) / refill)} microseconds'`
}

function isBucket(name: string): name is Bucket {
  return Object.hasOwn(buckets, name)
}

/** Several calls that were under way together are refused together: they count as one refusal. */
function pause(database: Database, tenant: number, notice: LimitNotice): Promise<number> {
  return database.transaction(async tx => {
    await tx.execute(
      `insert into call_budget (tenant, points_minute, content_minute, content_hour, calls_hour)
       select $1::bigint, at, at, at, at from (select clock_timestamp() as at) as clock on conflict do nothing`,
      [tenant],
    )
    const [before] = await tx.query(
      pauseShape,
      `select refusals, extract(epoch from clock_timestamp() - paused_until)::float8 * 1000 as "sincePause"
       from call_budget where tenant = $1 for update`,
      [tenant],
    )
    const refusals = refusalsNow(before?.refusals ?? 0, before?.sincePause ?? undefined)
    const ms = notice.retryAfterMs ?? Math.min(pauses.least * 2 ** (refusals - 1), pauses.most)
    const [row] = await tx.query(
      waitShape,
      `update call_budget
       set refusals = $2, paused_until = greatest(paused_until, clock_timestamp() + $3 * interval '1 millisecond')
       where tenant = $1
       returning extract(epoch from paused_until - clock_timestamp())::float8 * 1000 as wait`,
      [tenant, refusals, ms],
    )
    return Math.max(1, Math.ceil(row?.wait ?? ms))
  })
}

function refusalsNow(before: number, sincePause: number | undefined): number {
  if (sincePause === undefined || sincePause > pauses.forgottenAfter) return 1
  return sincePause < 0 ? Math.max(1, before) : before + 1
}
