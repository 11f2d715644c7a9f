import { fullName } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import type { Job, RunAttempt, WorkflowRun } from './workflow-run.ts'

type GithubContext = Readonly<Record<string, string | boolean>>

/** The `github` context of a run, without what only a job has. */
export function runContext(world: World, run: WorkflowRun, attempt: RunAttempt): GithubContext {
  const { trigger, repository, file } = run
  const name = fullName(repository)
  return {
    ...refContext(run),
    actor: trigger.actor.login,
    actor_id: String(trigger.actor.id),
    api_url: world.apiUrl,
    event_name: trigger.event,
    graphql_url: `${world.serverUrl}/api/graphql`,
    repository: name,
    repository_id: String(repository.id),
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    repository_visibility: repository.private ? 'private' : 'public',
    repositoryUrl: `${world.serverUrl.replace(/^http/, 'git')}/${name}.git`,
    retention_days: '90',
    run_attempt: String(attempt.number),
    run_id: String(run.id),
    run_number: String(run.number),
    secret_source: 'Actions',
    server_url: world.serverUrl,
    triggering_actor: attempt.triggeringActor.login,
    workflow: file.name,
    workflow_ref: `${name}/${file.path}@${trigger.ref}`,
    workflow_sha: trigger.sha,
  }
}

/** The `github` context of a job. */
export function jobContext(world: World, job: Job, token: string): GithubContext {
  return { ...runContext(world, job.run, job.attempt), job: job.definition.key, token }
}

function refContext({ trigger, repository }: WorkflowRun): GithubContext {
  const { ref, sha, pull } = trigger
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  const isTag = ref.startsWith('refs/tags/')
  return {
    ref,
    sha,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: isTag ? 'tag' : 'branch',
    ref_protected: branch !== undefined && repository.protectedBranches.has(branch),
    head_ref: pull?.headRef ?? '',
    base_ref: pull?.baseRef ?? '',
  }
}
