import * as z from 'zod'
import type { Effect } from '../../../domain/effect.ts'
import type { EpochMs } from '../../../domain/units.ts'
import type { EffectRecords } from '../../../ports/control-store.ts'
import { dateOf } from './columns.ts'
import { effectShape, failedEffectShape, receiptShape } from './effect-row.ts'
import { insertRow } from './row-statements.ts'
import { storableJson } from './storable.ts'
import { confirmTenant, confirmWritten, type TenantQueries } from './tenant-queries.ts'

const isOpen = `state in ('wanted', 'begun')`

/**
 * One that has begun stays so: whoever does it must look first, for nobody knows how far it came. A place at the end of the lane is as good as the
 * one it had: it shows how things stand then.
 */
const wantedAgain = `on conflict (tenant, key) do update set
    effect = excluded.effect, seq = excluded.seq, wanted_at = excluded.wanted_at, revision = effect.revision + 1, failure = null,
    state = case effect.state when 'begun' then 'begun' else 'wanted' end,
    attempts = case effect.state when 'begun' then effect.attempts else 0 end`

/** Effects in PostgreSQL. */
export function effectRecords(
  queries: TenantQueries,
  options: {
    readonly now: EpochMs
    /** Is told of each that is to be done. */
    readonly onWanted: (effect: Effect) => void
  },
): EffectRecords {
  const want = async (effect: Effect): Promise<void> => {
    confirmTenant(queries, effect.repository)
    const { key, lane } = effect
    const written = await insertRow(queries, 'effect', {
      row: { key, lane, effect: storableJson(effect), wanted_at: dateOf(options.now) },
      more: effect.type === 'display' ? wantedAgain : 'on conflict (tenant, key) do nothing',
    })
    if (written > 0) options.onWanted(effect)
  }
  return {
    want: async effects => {
      for (const effect of effects) await want(effect)
    },
    next: async lane => {
      const sql = `select * from effect where tenant = $1 and lane = $2 and ${isOpen} order by seq limit 1`
      const [found] = await queries.query(effectShape, sql, [lane])
      return found
    },
    begin: async key => {
      const sql = `update effect set state = 'begun', attempts = attempts + 1 where tenant = $1 and key = $2 and ${isOpen}`
      confirmWritten(await queries.execute(sql, [key]), `effect ${key} that is wanted`)
    },
    finish: async ({ effect, revision }, receipt) => {
      const sql = `update effect set receipt = $4, state = case revision when $3 then 'done' else 'wanted' end
        where tenant = $1 and key = $2 and ${isOpen}`
      await queries.execute(sql, [effect.key, revision, storableJson(receipt)])
    },
    fail: async ({ effect, revision }, words) => {
      const sql = `update effect set failure = $4, state = case revision when $3 then 'failed' else 'wanted' end
        where tenant = $1 and key = $2 and ${isOpen}`
      await queries.execute(sql, [effect.key, revision, words])
    },
    failed: (repository, { before, limit }) => {
      const sql = `select * from effect where tenant = $1 and state = 'failed'
        and (effect -> 'repository' ->> 'repository')::bigint = $2 and ($3::bigint is null or seq < $3)
        order by seq desc limit $4`
      return queries.query(failedEffectShape, sql, [repository, before, limit])
    },
    openLanes: async repository => {
      const sql = `select distinct lane from effect where tenant = $1 and ${isOpen}
        and (effect -> 'repository' ->> 'repository')::bigint = $2 order by lane limit 1000`
      const found = await queries.query(z.object({ lane: z.string() }), sql, [repository])
      return found.map(({ lane }) => lane)
    },
    receipt: async key => {
      const sql = 'select receipt from effect where tenant = $1 and key = $2 and receipt is not null'
      const [found] = await queries.query(z.object({ receipt: receiptShape }), sql, [key])
      return found?.receipt
    },
  }
}
