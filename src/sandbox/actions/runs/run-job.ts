import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryPage } from '../../api/present/repository.ts'
import { environmentOf } from '../../deployments/ensure-environment.ts'
import { idTokenRequestUrl } from '../../oidc/identity-routes.ts'
import { mintJobToken, revokeToken } from '../../world/mint-token.ts'
import { executeJob } from '../runner/execute-job.ts'
import type { JobAssignment, JobContexts, JobResult } from '../runner/job-assignment.ts'
import { type JobPermissions, RESTRICTED_PERMISSIONS } from '../workflow/permissions.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import { jobContext } from './github-context.ts'
import { identityClaims } from './identity-claims.ts'
import { jobObserver } from './job-observer.ts'
import { needsContext, secretsFor, variablesFor } from './run-scope.ts'
import type { Job } from './workflow-run.ts'

// A job's token outlives the longest job that GitHub's own runners allow.
const TOKEN_LIFETIME_MS = 6 * 3_600_000

/** Runs a job on a runner: with a token of its own, in a directory of its own, both gone afterwards. */
export async function runJob(runtime: ActionsRuntime, job: Job, needs: readonly Job[]): Promise<JobResult> {
  const { world } = runtime
  const permissions = permissionsOf(job)
  const token = mintJobToken(world, {
    repository: job.run.repository,
    permissions,
    runId: job.run.id,
    jobId: job.id,
    triggeredBy: job.attempt.triggeringActor,
    expiresAt: new Date(world.now().getTime() + TOKEN_LIFETIME_MS),
  }).value
  const identity = permissions['id_token'] === 'write' ? admitIdentity(runtime, job) : undefined
  const directory = join(runtime.directory, `job-${job.id}`)
  try {
    await mkdir(directory, { recursive: true })
    const contexts = jobContexts(runtime, job, { needs, token })
    const secrets = [...Object.values(contexts.secrets), token, ...(identity === undefined ? [] : [identity.token])]
    for (const secret of secrets) job.masker.add(secret)
    const assignment = assignmentOf(runtime, job, { contexts, directory, idToken: identity })
    return await executeJob(assignment, jobObserver(runtime, job))
  } finally {
    revokeToken(world, token)
    if (identity !== undefined) world.identity.dismiss(identity.token)
    await rm(directory, { recursive: true, force: true })
  }
}

/** What the job's token may do; a pull request of a fork may at most read. */
function permissionsOf(job: Job): JobPermissions {
  const granted = job.definition.permissions ?? job.run.file.permissions ?? RESTRICTED_PERMISSIONS
  if (job.run.trigger.pull?.isFork !== true) return granted
  const readable = Object.keys(granted).filter(name => name !== 'id_token')
  return Object.fromEntries(readable.map(name => [name, 'read'] as const))
}

function admitIdentity(runtime: ActionsRuntime, job: Job): { readonly url: string; readonly token: string } {
  const { world } = runtime
  const token = world.identity.admit({
    claims: () => identityClaims(world, job),
    defaultAudience: repositoryPage(world, job.run.repository).replace(/\/[^/]+$/, ''),
  })
  return { url: idTokenRequestUrl(world), token }
}

function jobContexts(
  { world }: ActionsRuntime,
  job: Job,
  given: { readonly needs: readonly Job[]; readonly token: string },
): JobContexts {
  const { run } = job
  const environment = job.environment === undefined ? undefined : environmentOf(run.repository, job.environment)
  return {
    github: jobContext(world, job, given.token),
    inputs: run.trigger.inputs,
    vars: variablesFor(run, environment),
    secrets: { ...secretsFor(run, environment), GITHUB_TOKEN: given.token },
    needs: needsContext(given.needs),
  }
}

function assignmentOf(
  runtime: ActionsRuntime,
  job: Job,
  given: Pick<JobAssignment, 'contexts' | 'directory' | 'idToken'>,
): JobAssignment {
  return {
    ...given,
    definition: job.definition,
    workflowEnv: job.run.file.env,
    event: job.run.trigger.payload,
    actions: runtime.actions,
    machineVariables: runtime.machineVariables,
    trackingId: `github_${randomUUID()}`,
    runnerName: job.runnerName ?? 'sandbox-1',
    clock: runtime.world.clock,
    timings: runtime.timings,
    cancelled: job.cancelled.signal,
    forced: job.forced.signal,
  }
}
