import { nodeId } from '../../api/present/node-id.ts'
import { presentMinimalRepository, repositoryPage, repositoryUrl } from '../../api/present/repository.ts'
import { presentUser } from '../../api/present/user.ts'
import type { GitCommit } from '../../git/git-object.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { currentAttempt, type RunAttempt, type WorkflowRun } from '../runs/workflow-run.ts'

export function runUrl(world: World, run: WorkflowRun): string {
  return `${repositoryUrl(world, run.repository)}/actions/runs/${run.id}`
}

export function runPage(world: World, run: WorkflowRun): string {
  return `${repositoryPage(world, run.repository)}/actions/runs/${run.id}`
}

/** GitHub's `workflow-run`, at one of its attempts (the newest by default). */
export function presentRun(world: World, run: WorkflowRun, attempt = currentAttempt(run)): Record<string, unknown> {
  const { trigger, repository, workflow } = run
  const minimal = presentMinimalRepository(world, repository)
  return {
    id: run.id,
    name: run.file.name,
    node_id: nodeId('WFR', run.id),
    check_suite_id: run.suite.id,
    check_suite_node_id: nodeId('CS', run.suite.id),
    head_branch: trigger.headBranch,
    head_sha: trigger.headSha,
    path: `${run.file.path}@${trigger.ref.replace(/^refs\/(heads|tags)\//, '')}`,
    display_title: run.displayTitle,
    run_number: run.number,
    run_attempt: attempt.number,
    referenced_workflows: [],
    event: trigger.event,
    status: attempt.status,
    conclusion: attempt.conclusion,
    workflow_id: workflow.id,
    pull_requests: presentPullRequests(world, run),
    created_at: run.createdAt,
    updated_at: attempt.updatedAt,
    run_started_at: attempt.startedAt,
    actor: presentUser(world, trigger.actor),
    triggering_actor: presentUser(world, attempt.triggeringActor),
    head_commit: presentHeadCommit(run.headCommit),
    repository: minimal,
    head_repository: minimal,
    head_repository_id: repository.id,
    ...links(world, run, attempt),
  }
}

function links(world: World, run: WorkflowRun, attempt: RunAttempt): Record<string, unknown> {
  const url = runUrl(world, run)
  return {
    url,
    html_url: runPage(world, run),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number === 1 ? null : `${url}/attempts/${attempt.number - 1}`,
    check_suite_url: `${repositoryUrl(world, run.repository)}/check-suites/${run.suite.id}`,
    workflow_url: `${repositoryUrl(world, run.repository)}/actions/workflows/${run.workflow.id}`,
  }
}

function presentHeadCommit({ sha, tree, message, author, committer }: GitCommit): Record<string, unknown> {
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  }
}

/** GitHub names the pull request of a run only when its head is in the same repository. */
export function presentPullRequests(world: World, run: WorkflowRun): readonly Record<string, unknown>[] {
  const { pull } = run.trigger
  const issue = pull === undefined ? undefined : run.repository.issues.get(pull.number)
  if (issue?.pull == null || pull?.isFork === true) return []
  const { headRef, headSha, baseRef, baseSha } = issue.pull
  const repo = presentReference(world, run.repository)
  return [
    {
      id: issue.pull.id,
      number: issue.number,
      url: `${repositoryUrl(world, run.repository)}/pulls/${issue.number}`,
      head: { ref: headRef, sha: headSha, repo },
      base: { ref: baseRef, sha: baseSha, repo },
    },
  ]
}

function presentReference(world: World, repository: Repository): Record<string, unknown> {
  return { id: repository.id, url: repositoryUrl(world, repository), name: repository.name }
}
