import { presentSimpleDeployment } from '../../api/present/deployment.ts'
import { presentApp } from '../../api/present/github-app.ts'
import { nodeId } from '../../api/present/node-id.ts'
import { presentMinimalRepository, repositoryUrl } from '../../api/present/repository.ts'
import type { CheckSuite } from '../../world/check.ts'
import type { World } from '../../world.ts'
import { currentAttempt, type Job } from '../runs/workflow-run.ts'
import { presentPullRequests } from './present-run.ts'

/** A job's check run as the `check_run` webhook shows it. */
export function presentJobCheckRun(world: World, job: Job): Record<string, unknown> {
  const { checkRun, deployment, run } = job
  const url = `${repositoryUrl(world, run.repository)}/check-runs/${checkRun.id}`
  return {
    id: checkRun.id,
    node_id: nodeId('CR', checkRun.id),
    name: checkRun.name,
    head_sha: checkRun.headSha,
    external_id: checkRun.externalId,
    url,
    html_url: checkRun.detailsUrl,
    details_url: checkRun.detailsUrl,
    // The webhook knows no waiting job: to it the check has not begun.
    status: checkRun.status === 'waiting' ? 'queued' : checkRun.status,
    conclusion: checkRun.conclusion,
    started_at: checkRun.startedAt ?? job.createdAt,
    completed_at: checkRun.completedAt,
    output: {
      title: checkRun.output.title,
      summary: checkRun.output.summary,
      text: checkRun.output.text,
      annotations_count: checkRun.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    app: presentApp(world, checkRun.app),
    check_suite: presentSuite(world, job, checkRun.suite),
    pull_requests: presentPullRequests(world, run),
    ...(deployment === undefined
      ? {}
      : { deployment: presentSimpleDeployment(world, { repository: run.repository, deployment }) }),
  }
}

function presentSuite(world: World, { run }: Job, suite: CheckSuite): Record<string, unknown> {
  const { status, conclusion } = currentAttempt(run)
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: status === 'waiting' ? 'queued' : status,
    conclusion,
    url: `${repositoryUrl(world, run.repository)}/check-suites/${suite.id}`,
    before: null,
    after: suite.headSha,
    pull_requests: presentPullRequests(world, run),
    app: presentApp(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    repository: presentMinimalRepository(world, run.repository),
  }
}
