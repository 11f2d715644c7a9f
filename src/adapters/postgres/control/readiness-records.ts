import * as z from 'zod'
import type { RollbackReadiness } from '../../../domain/gates/rollback-ready-gate.ts'
import type { ReadinessRecords, RingReadiness } from '../../../ports/control-store.ts'
import { absent, dateOf, instant, whole } from './columns.ts'
import { insertRow } from './row-statements.ts'
import { storableJson } from './storable.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const readiness: z.ZodType<RollbackReadiness> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('no_target') }),
  z.object({ kind: z.literal('unknown'), target: z.string(), words: z.string() }),
  z.object({
    kind: z.literal('known'),
    target: z.string(),
    artifact: z.enum(['equal', 'differs', 'missing', 'unproven']),
    configuration: z.boolean(),
    missingSecrets: z.array(z.string()),
  }),
])

const shape = z
  .object({
    tenant: whole,
    repository: whole,
    solution: z.string(),
    ring: z.string(),
    target: absent(whole),
    readiness,
    looked_at: instant,
    run: absent(whole),
    run_started_at: absent(instant),
  })
  .transform(
    ({
      tenant,
      repository,
      solution,
      ring,
      looked_at: lookedAt,
      run,
      run_started_at: startedAt,
      ...row
    }): RingReadiness => ({
      ...row,
      key: { tenant, repository, solution, ring },
      lookedAt,
      proof: run === undefined || startedAt === undefined ? undefined : { run, startedAt },
    }),
  )

const again = `on conflict (tenant, repository, solution, ring) do update set
  target = excluded.target, readiness = excluded.readiness, looked_at = excluded.looked_at,
  run = excluded.run, run_started_at = excluded.run_started_at`

/** Whether rings could go back, in PostgreSQL. */
export function readinessRecords(queries: TenantQueries): ReadinessRecords {
  return {
    read: async key => {
      confirmTenant(queries, key)
      const sql =
        'select * from rollback_readiness where tenant = $1 and repository = $2 and solution = $3 and ring = $4'
      const [found] = await queries.query(shape, sql, [key.repository, key.solution, key.ring])
      return found
    },
    save: async ({ key, target, readiness, lookedAt, proof }) => {
      confirmTenant(queries, key)
      const { repository, solution, ring } = key
      const row = {
        repository,
        solution,
        ring,
        target,
        readiness: storableJson(readiness),
        looked_at: dateOf(lookedAt),
        run: proof?.run,
        run_started_at: dateOf(proof?.startedAt),
      }
      await insertRow(queries, 'rollback_readiness', { row, more: again })
    },
  }
}
