import * as z from 'zod'
import type { IdempotentAnswers, RepeatableRequest, RequestStanding } from '../../ports/idempotent-answers.ts'
import type { Queries } from './database.ts'

/** Remembers answers for all replicas. */
export interface PostgresIdempotentAnswers extends IdempotentAnswers {
  /** Forgets what is older than a day. @returns how many */
  forget(): Promise<number>
}

const kept = z.object({ sha256: z.string(), status: z.int().nullable(), body: z.string().nullable() })

/**
 * Begins a request that is new, one that is a day old, and the same again where it was begun by a replica that never concluded it. The row that it
 * writes is what makes it first: of any number at once, one writes it.
 */
const begin = `
  insert into idempotent_answer as kept (sender, key, sha256) values ($1, $2, $3)
  on conflict (sender, key) do update
    set sha256 = excluded.sha256, begun_at = excluded.begun_at, status = null, body = null
    where kept.begun_at < clock_timestamp() - interval '24 hours'
      or (kept.status is null and kept.sha256 = excluded.sha256 and kept.begun_at < clock_timestamp() - interval '2 minutes')`

/** Answers in PostgreSQL. */
export function createIdempotentAnswers(queries: Queries): PostgresIdempotentAnswers {
  return {
    async begin(request) {
      const { sender, key, sha256 } = request
      if ((await queries.execute(begin, [sender, key, sha256])) === 1) return { kind: 'first' }
      const sql = 'select sha256, status, body from idempotent_answer where sender = $1 and key = $2'
      const [found] = await queries.query(kept, sql, [sender, key])
      // Gone between the two statements: it came to nothing just now.
      return found === undefined ? { kind: 'underway' } : standingOf(found, request)
    },
    async conclude({ sender, key, sha256 }, answer) {
      const which = 'where sender = $1 and key = $2 and sha256 = $3 and status is null'
      if (answer === undefined) await queries.execute(`delete from idempotent_answer ${which}`, [sender, key, sha256])
      else {
        const values = [sender, key, sha256, answer.status, answer.body]
        await queries.execute(`update idempotent_answer set status = $4, body = $5 ${which}`, values)
      }
    },
    forget: () =>
      queries.execute(`delete from idempotent_answer where begun_at < clock_timestamp() - interval '24 hours'`),
  }
}

function standingOf({ sha256, status, body }: z.output<typeof kept>, request: RepeatableRequest): RequestStanding {
  if (sha256 !== request.sha256) return { kind: 'other' }
  if (status === null || body === null) return { kind: 'underway' }
  return { kind: 'answered', answer: { status, body } }
}
