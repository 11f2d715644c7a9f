import * as z from 'zod'
import type { Approval } from '../../../domain/gates/approvals-gate.ts'
import type { AnswerRecords } from '../../../ports/control-store.ts'
import { absent, dateOf, digest, instant, whole } from './columns.ts'
import { insertRow } from './row-statements.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const answerShape = z
  .object({
    person_id: whole,
    person_login: z.string(),
    teams: z.array(z.string()),
    answer: z.enum(['approved', 'rejected']),
    candidate: digest,
    binding_ring: z.string(),
    baseline: absent(digest),
    policy: z.string(),
    at: instant,
    via: z.enum(['ringway', 'github']),
  })
  .transform(
    ({ person_id: id, person_login: login, teams, answer, at, via, ...row }): Approval => ({
      person: { id, login },
      teams,
      answer,
      binding: { candidate: row.candidate, ring: row.binding_ring, baseline: row.baseline, policy: row.policy },
      at,
      via,
    }),
  )

const releaseShape = z.object({ ring: z.string(), digest, at: instant })

const placeShape = z.object({ repository: whole, solution: z.string(), ring: z.string() })

/** What people answered, in PostgreSQL. */
export function answerRecords(queries: TenantQueries): AnswerRecords {
  return {
    put: async (promotion, approval) => {
      const { person, binding, teams, answer, via } = approval
      const asked = 'select repository, solution, ring from promotion where tenant = $1 and id = $2'
      const [place] = await queries.query(placeShape, asked, [promotion])
      if (place === undefined) throw new RangeError(`There is no promotion ${promotion} to answer.`)
      const said = {
        person_login: person.login,
        teams,
        answer,
        candidate: binding.candidate,
        binding_ring: binding.ring,
        baseline: binding.baseline,
        policy: binding.policy,
        at: dateOf(approval.at),
      }
      const sets = ['seq', ...Object.keys(said)].map(column => `${column} = excluded.${column}`)
      // GitHub tells its reviews again, and not in their order: an older answer replaces no newer one.
      await insertRow(queries, 'answer', {
        row: { promotion, person_id: person.id, via, ...place, ...said },
        more: `on conflict (tenant, promotion, person_id, via) do update set ${sets.join(', ')}
          where answer.at <= excluded.at`,
      })
    },
    list: async (key, candidate) => {
      confirmTenant(queries, key)
      const sql = `select * from answer where tenant = $1 and repository = $2 and solution = $3 and ring = $4
        and candidate = $5 order by at, seq`
      return queries.query(answerShape, sql, [key.repository, key.solution, key.ring, candidate])
    },
    release: async (key, release) => {
      confirmTenant(queries, key)
      const { repository, solution, ring } = key
      await insertRow(queries, 'quarantine_release', {
        row: { repository, solution, ring, digest: release.digest, at: dateOf(release.at), by_id: release.by },
        more: `on conflict (tenant, repository, solution, ring, digest) do update set at = excluded.at, by_id = excluded.by_id
          where quarantine_release.at <= excluded.at`,
      })
    },
    releases: async key => {
      confirmTenant(queries, key)
      const sql = `select ring, digest, at from quarantine_release
        where tenant = $1 and repository = $2 and solution = $3 order by at, ring, digest`
      return queries.query(releaseShape, sql, [key.repository, key.solution])
    },
  }
}
