import { z } from 'zod'
import type { Database } from './database.ts'

/** A delivery that this replica may handle, for as long as it says every few seconds that it still does. */
export interface Claim {
  readonly seq: number
  readonly guid: string
  /** How often it was begun; when somebody else began it since, the claim is no longer ours. */
  readonly attempts: number
}

/** Deliveries without an outcome, as work. */
export interface DeliveryClaims {
  /** @returns those that are due, the longest due first */
  take(most: number): Promise<Claim[]>
  /** Says that they are still being handled. */
  keep(claims: readonly Claim[]): Promise<void>
  /** Those that were not begun: anybody may take them at once. */
  giveBack(claims: readonly Claim[]): Promise<void>
  /** To be tried again after a pause. */
  fail(claim: Claim, words: string): Promise<void>
}

const shape = z.object({ seq: z.number(), guid: z.string(), attempts: z.number() })

// One who takes passes over what another one is just taking. Whoever says nothing for ten seconds is dead.
const take = `
  with due as materialized (
    select seq from inbox where outcome is null and due_at <= now() order by due_at limit $1 for update skip locked
  )
  update inbox set due_at = clock_timestamp() + interval '10 seconds', attempts = attempts + 1
  from due where inbox.seq = due.seq
  returning inbox.seq, guid, attempts`

const ours = `
  from unnest($1::bigint[], $2::integer[]) as claim (seq, attempts)
  where inbox.seq = claim.seq and inbox.attempts = claim.attempts and outcome is null`

const keep = `update inbox set due_at = clock_timestamp() + interval '10 seconds' ${ours}`

const giveBack = `update inbox set due_at = clock_timestamp(), attempts = inbox.attempts - 1 ${ours}`

/** 1-2 s, 2-4 s ... and at last every 2.5-5 minutes for ever. */
const fail = `
  update inbox set failure = $3,
    due_at = clock_timestamp() + least(300, power(2, least(inbox.attempts, 9))) * (0.5 + random() / 2) * interval '1 second' ${ours}`

/** Claims in the table `inbox`: the row is the work. */
export function createDeliveryClaims(database: Database): DeliveryClaims {
  const write = async (sql: string, claims: readonly Claim[], ...more: readonly string[]): Promise<void> => {
    if (claims.length === 0) return
    await database.execute(sql, [claims.map(({ seq }) => seq), claims.map(({ attempts }) => attempts), ...more])
  }
  return {
    take: async most => (await database.query(shape, take, [most])).sort((a, b) => a.seq - b.seq),
    keep: claims => write(keep, claims),
    giveBack: claims => write(giveBack, claims),
    // PostgreSQL keeps every character but one.
    fail: (claim, words) => write(fail, [claim], words.replaceAll('\0', '')),
  }
}
