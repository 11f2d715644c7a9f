import { ApiError } from '../../api/api-error.ts'
import type { Account } from '../../world/account.ts'
import type { World } from '../../world.ts'
import { currentAttempt, type Job, type WorkflowRun } from '../runs/workflow-run.ts'
import { announceReview } from './announce-review.ts'
import type { EnvironmentGate } from './environment-gate.ts'

/** A job that waits in front of its environment. */
export interface WaitingJob {
  readonly job: Job
  readonly gate: EnvironmentGate
}

export function waitingJobs(run: WorkflowRun): readonly WaitingJob[] {
  return currentAttempt(run).jobs.flatMap(job => (job.gate?.isWaiting === true ? [{ job, gate: job.gate }] : []))
}

/** May this person approve (or reject) the environment for this run? */
export function mayReview(run: WorkflowRun, { environment }: EnvironmentGate, user: Account): boolean {
  const isReviewer = environment.reviewers.some(each =>
    each.type === 'User' ? each.reviewer.id === user.id : each.reviewer.members.has(user.id),
  )
  const isSelf = currentAttempt(run).triggeringActor.id === user.id
  return isReviewer && !(environment.preventSelfReview && isSelf)
}

export interface Review {
  readonly run: WorkflowRun
  readonly environmentIds: readonly number[]
  readonly state: 'approved' | 'rejected'
  readonly comment: string
  readonly user: Account
}

/**
 * Applies a reviewer's decision to every job of the run that waits for these environments, and gives those jobs.
 *
 * @throws {ApiError} 422 when nothing waits there for a review by this person
 */
export function reviewEnvironments(world: World, review: Review): readonly WaitingJob[] {
  const { run, state, comment, user } = review
  const waiting = waitingJobs(run).filter(
    ({ gate }) => gate.isReviewPending && review.environmentIds.includes(gate.environment.id),
  )
  const isComplete = review.environmentIds.every(id => waiting.some(({ gate }) => gate.environment.id === id))
  if (!isComplete || review.environmentIds.length === 0)
    throw new ApiError(422, 'There are no pending deployment requests to approve or reject for this environment')
  if (!waiting.every(({ gate }) => mayReview(run, gate, user)))
    throw new ApiError(422, 'The user is not authorized to review the pending deployment requests')

  const environments = [...new Set(waiting.map(({ gate }) => gate.environment.name))]
  currentAttempt(run).reviews.push({ environments, state, user, comment })
  for (const { job, gate } of waiting) {
    announceReview(world, { job, gate, action: state, decision: { approver: user, comment } })
    if (state === 'approved') gate.approveReview()
    else gate.refuse(`The deployment was rejected by ${user.login}. ${comment}`.trim())
  }
  return waiting
}
