import * as z from 'zod'
import { deploymentStates } from '../../../src/domain/deployment.ts'
import { reasonCodes } from '../../../src/domain/reason-code.ts'
import type { RingDeployment } from '../../../src/domain/ring-deployment.ts'
import { versionName } from '../../../src/domain/version.ts'
import { instant } from './instant.ts'

/** A reason of the closed list. */
export const reason = z.enum(Object.keys(reasonCodes))

/** One version placed in one ring. */
export const deployment = z.object({
  id: z.int(),
  solution: z.string(),
  ring: z.string(),
  version: z.string().nullable().describe('Such as v12; null for a draft.'),
  digest: z.string(),
  commit: z.string(),
  state: z.enum(deploymentStates),
  reason: reason.nullable(),
  words: z.string(),
  task: z.enum(['deploy', 'rollback']),
  promotion: z.string(),
  created_at: instant,
  since: instant.describe('When it came into its state.'),
  activated_at: instant.nullable(),
  url: z.string().nullable().describe('Where its target serves it.'),
  run_id: z.int().nullable().describe('The run of GitHub Actions that carries it.'),
  github_id: z.int().nullable().describe("The id of GitHub's own Deployment."),
  replaces: z.int().nullable().describe('What the ring pointed to when it was decided.'),
  ends: z.int().nullable().describe('Of a rollback: the deployment that is rolled back.'),
})

/** Writes a deployment. */
export function presentDeployment(found: RingDeployment): z.output<typeof deployment> {
  const { id, key, digest, commit, state, words, task, promotion } = found
  return {
    id,
    solution: key.solution,
    ring: key.ring,
    version: nameOf(found),
    digest,
    commit,
    state,
    reason: found.reason ?? null,
    words,
    task,
    promotion,
    created_at: found.createdAt,
    since: found.since,
    activated_at: found.activatedAt ?? null,
    url: found.url ?? null,
    run_id: found.runId ?? null,
    github_id: found.githubId ?? null,
    replaces: found.replaces ?? null,
    ends: found.ends ?? null,
  }
}

/** `v12`; null for a draft. */
export function nameOf({ version }: { readonly version?: number | undefined }): string | null {
  return version === undefined ? null : versionName(version)
}
