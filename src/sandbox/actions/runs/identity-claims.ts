import type { IdentityClaims } from '../../oidc/identity-provider.ts'
import type { World } from '../../world.ts'
import { runContext } from './github-context.ts'
import type { Job } from './workflow-run.ts'

const FROM_CONTEXT = [
  'actor',
  'actor_id',
  'base_ref',
  'event_name',
  'head_ref',
  'ref',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'repository_visibility',
  'run_attempt',
  'run_id',
  'run_number',
  'sha',
  'workflow',
  'workflow_ref',
  'workflow_sha',
]

/** What an ID token says of a job. */
export function identityClaims(world: World, job: Job): IdentityClaims {
  const context = runContext(world, job.run, job.attempt)
  const copied = Object.fromEntries(FROM_CONTEXT.map(name => [name, String(context[name] ?? '')]))
  return {
    ...copied,
    ref_protected: String(context['ref_protected']),
    runner_environment: 'github-hosted',
    job_workflow_ref: String(context['workflow_ref']),
    job_workflow_sha: String(context['workflow_sha']),
    ...(job.environment === undefined ? {} : { environment: job.environment }),
    sub: subject(job, String(context['repository'])),
  }
}

function subject({ environment, run }: Job, repository: string): string {
  // A colon would end the field early; GitHub escapes it.
  if (environment !== undefined) return `repo:${repository}:environment:${environment.replaceAll(':', '%3A')}`
  return run.trigger.pull === undefined
    ? `repo:${repository}:ref:${run.trigger.ref}`
    : `repo:${repository}:pull_request`
}
