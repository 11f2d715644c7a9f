import type { CheckRun } from '../../world/check.ts'
import { postJobDeploymentStatus } from '../environments/job-deployment.ts'
import type { Conclusion } from '../runner/job-assignment.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import { announceJob } from './announce.ts'
import { announceCheckRun } from './announce-check-run.ts'
import { refreshRunStatus } from './run-status.ts'
import type { Job, JobStatus } from './workflow-run.ts'

/** Moves a job to a state short of its end, and says so everywhere: run, check run, Deployment, webhooks. */
export function moveJob(runtime: ActionsRuntime, job: Job, status: Exclude<JobStatus, 'completed'>): void {
  const { world } = runtime
  const before = job.status
  job.status = status
  if (status === 'in_progress') job.startedAt = world.now()
  job.checkRun.status = status
  job.checkRun.startedAt = job.startedAt
  refreshRunStatus(runtime, job.run, job.attempt)
  if (status !== 'pending') postJobDeploymentStatus(world, job, { state: status })
  if (isNews(before, status)) announceJob(world, job, status)
}

// GitHub has no event for a job that waits for its concurrency group: to webhooks it has been queued all along.
function isNews(before: JobStatus, status: JobStatus): status is Exclude<JobStatus, 'pending' | 'completed'> {
  if (status === 'pending' || status === 'completed' || status === before) return false
  return !(before === 'pending' && status === 'queued')
}

/** Ends a job. */
export function completeJob(
  runtime: ActionsRuntime,
  job: Job,
  end: {
    readonly conclusion: Conclusion
    readonly isForgiven?: boolean
    readonly environmentUrl?: string | undefined
  },
): void {
  const { world } = runtime
  const { conclusion } = end
  job.status = 'completed'
  job.conclusion = conclusion
  job.result = conclusion === 'failure' && end.isForgiven === true ? 'success' : conclusion
  job.completedAt = world.now()
  completeCheckRun(job, job.checkRun)
  postJobDeploymentStatus(world, job, { state: deploymentState(conclusion), environmentUrl: end.environmentUrl })
  announceJob(world, job, 'completed')
  announceCheckRun(world, job, 'completed')
  refreshRunStatus(runtime, job.run, job.attempt)
}

function completeCheckRun(job: Job, checkRun: CheckRun): void {
  checkRun.status = 'completed'
  checkRun.conclusion = job.conclusion
  checkRun.startedAt = job.startedAt ?? job.createdAt
  checkRun.completedAt = job.completedAt
  checkRun.output = {
    title: null,
    summary: job.summary === '' ? null : job.summary,
    text: null,
    annotations: job.annotations.map(annotation => ({ ...annotation, rawDetails: null })),
  }
}

// A job that ended without success has not deployed; GitHub calls a cancelled one an error.
function deploymentState(conclusion: Conclusion): 'success' | 'failure' | 'error' | 'inactive' {
  if (conclusion === 'success') return 'success'
  if (conclusion === 'failure') return 'failure'
  return conclusion === 'cancelled' ? 'error' : 'inactive'
}
