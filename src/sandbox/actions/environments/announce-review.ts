import { presentUser } from '../../api/present/user.ts'
import type { Account } from '../../world/account.ts'
import type { World } from '../../world.ts'
import { jobPage } from '../job-page.ts'
import { presentReviewer } from '../present/present-reviewer.ts'
import { presentRun } from '../present/present-run.ts'
import { byActions } from '../runs/announce.ts'
import type { Job } from '../runs/workflow-run.ts'
import type { EnvironmentGate } from './environment-gate.ts'

export interface ReviewAnnouncement {
  readonly job: Job
  readonly gate: EnvironmentGate
  readonly action: 'requested' | 'approved' | 'rejected'
  readonly decision?: { readonly approver: Account; readonly comment: string }
}

/** Tells the world that a review of an environment is asked for or given. */
export function announceReview(world: World, { job, gate, action, decision }: ReviewAnnouncement): void {
  const { run, attempt } = job
  // GitHub's payload always names an organisation; for a person's repository there is no valid one.
  if (run.repository.owner.type !== 'Organization') return
  const jobRun = presentJobRun(world, job, gate)
  world.emit({
    ...byActions(run),
    name: 'deployment_review',
    action,
    body: {
      since: gate.since,
      reviewers: gate.environment.reviewers.map(reviewer => presentReviewer(world, reviewer)),
      workflow_run: presentRun(world, run, attempt),
      workflow_job_run: jobRun,
      ...(decision === undefined
        ? { environment: gate.environment.name, requestor: presentUser(world, attempt.triggeringActor) }
        : {
            approver: presentUser(world, decision.approver),
            comment: decision.comment,
            workflow_job_runs: [jobRun],
          }),
    },
  })
}

function presentJobRun(world: World, job: Job, gate: EnvironmentGate): Record<string, unknown> {
  return {
    id: job.id,
    name: null,
    status: job.status,
    conclusion: null,
    environment: gate.environment.name,
    html_url: jobPage(world, job),
    created_at: job.createdAt,
    updated_at: world.now(),
  }
}
