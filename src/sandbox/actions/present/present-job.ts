import { nodeId } from '../../api/present/node-id.ts'
import { repositoryUrl } from '../../api/present/repository.ts'
import type { World } from '../../world.ts'
import { jobPage } from '../job-page.ts'
import type { StepRecord } from '../runner/job-assignment.ts'
import type { Job } from '../runs/workflow-run.ts'
import { runUrl } from './present-run.ts'

/** GitHub's `job`. */
export function presentJob(world: World, job: Job): Record<string, unknown> {
  const runnerId = job.runnerName === null ? null : Number(/\d+$/.exec(job.runnerName)?.[0] ?? 1)
  return {
    id: job.id,
    run_id: job.run.id,
    run_url: runUrl(world, job.run),
    run_attempt: job.attempt.number,
    node_id: nodeId('CR', job.id),
    head_sha: job.run.trigger.headSha,
    head_branch: job.run.trigger.headBranch,
    url: `${repositoryUrl(world, job.run.repository)}/actions/jobs/${job.id}`,
    html_url: jobPage(world, job),
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    // GitHub shows the moment of creation as long as the job has not started.
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map(presentStep),
    check_run_url: `${repositoryUrl(world, job.run.repository)}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: runnerId,
    runner_name: job.runnerName,
    runner_group_id: job.runnerName === null ? null : 1,
    runner_group_name: job.runnerName === null ? null : 'GitHub Actions',
    workflow_name: job.run.file.name,
  }
}

function presentStep(step: StepRecord): Record<string, unknown> {
  return {
    name: step.name,
    status: step.status,
    conclusion: step.conclusion,
    number: step.number,
    started_at: step.startedAt,
    completed_at: step.completedAt,
  }
}
