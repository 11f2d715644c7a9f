import * as z from 'zod'
import { deploymentStates } from '../../../domain/deployment.ts'
import type { CheckResult } from '../../../domain/result.ts'
import type { RingDeployment } from '../../../domain/ring-deployment.ts'
import { absent, commit, configLayer, dateOf, digest, instant, reason, understood, whole } from './columns.ts'
import type { Row } from './row-statements.ts'
import { storableJson } from './storable.ts'

const check: z.ZodType<CheckResult> = z.object({
  kind: z.enum(['passed', 'failed', 'errored']),
  words: z.string(),
  evidence: z.string(),
  attempts: z.number(),
  took_ms: z.number(),
})

/** A row of `deployment` as the domain knows it. */
export const deploymentShape = z
  .object({
    tenant: whole,
    id: whole,
    repository: whole,
    solution: z.string(),
    ring: z.string(),
    promotion: z.string(),
    github_id: absent(whole),
    version: absent(whole),
    digest,
    commit,
    state: z.enum(deploymentStates),
    reason: absent(reason),
    words: z.string(),
    task: z.enum(['deploy', 'rollback']),
    created_at: instant,
    since: instant,
    activated_at: absent(instant),
    run: absent(whole),
    url: absent(z.string()),
    organisation: configLayer,
    checks: understood(check),
    replaces: absent(whole),
    ends: absent(whole),
  })
  .transform((row): RingDeployment => {
    const { tenant, repository, solution, ring } = row
    return {
      id: row.id,
      key: { tenant, repository, solution, ring },
      promotion: row.promotion,
      githubId: row.github_id,
      version: row.version,
      digest: row.digest,
      commit: row.commit,
      state: row.state,
      reason: row.reason,
      words: row.words,
      task: row.task,
      createdAt: row.created_at,
      since: row.since,
      activatedAt: row.activated_at,
      runId: row.run,
      url: row.url,
      organisation: row.organisation,
      checks: row.checks,
      replaces: row.replaces,
      ends: row.ends,
    }
  })

/** A deployment as a row of `deployment`, its id and its ring left out: they never change. */
export function deploymentRow(deployment: Omit<RingDeployment, 'id'>): Row {
  return {
    promotion: deployment.promotion,
    github_id: deployment.githubId,
    version: deployment.version,
    digest: deployment.digest,
    commit: deployment.commit,
    state: deployment.state,
    reason: deployment.reason,
    words: deployment.words,
    task: deployment.task,
    created_at: dateOf(deployment.createdAt),
    since: dateOf(deployment.since),
    activated_at: dateOf(deployment.activatedAt),
    run: deployment.runId,
    url: deployment.url,
    organisation: storableJson(deployment.organisation),
    checks: storableJson(deployment.checks),
    replaces: deployment.replaces,
    ends: deployment.ends,
  }
}
