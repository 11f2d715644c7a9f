import type { WorkflowRun } from '../../sandbox/actions/runs/workflow-run.ts'
import type { Rehearsal, RehearsedApp, RehearsedRepository } from '../rehearsal.ts'
import { until } from './until.ts'

const environment = '/environments/production'

/** Puts the App before the environment as its protection rule, and a required reviewer: what an admin does in its settings. */
export async function protectProduction(
  place: RehearsedRepository,
  { app, reviewer }: { readonly app: RehearsedApp; readonly reviewer: string },
): Promise<void> {
  const person = [...place.repository.collaborators.values()].find(({ account }) => account.login === reviewer)
  const reviewers = [{ type: 'User', id: person?.account.id }]
  await place.api('omar', { method: 'PUT', path: environment, body: { reviewers } })
  const rule = { integration_id: app.registered.id }
  await place.api('omar', { method: 'POST', path: `${environment}/deployment_protection_rules`, body: rule })
}

/** Approves the job that waits before production, as its reviewer does on the page of the run. */
export async function approveOnGithub(rehearsal: Rehearsal, reviewer: string): Promise<void> {
  const waiting = () => rehearsal.runs.of(rehearsal.repository).flatMap(waitingReview)
  await until(() => waiting().length > 0, 'a job waits for a review of production')
  for (const { run, environmentId } of waiting()) {
    await rehearsal.api(reviewer, {
      method: 'POST',
      path: `/actions/runs/${run}/pending_deployments`,
      body: { environment_ids: [environmentId], state: 'approved', comment: 'Looked at it in staging.' },
    })
  }
}

function waitingReview(run: WorkflowRun): readonly { readonly run: number; readonly environmentId: number }[] {
  const gates = run.attempts.flatMap(({ jobs }) => jobs.flatMap(({ gate }) => gate ?? []))
  return gates.filter(gate => gate.isReviewPending).map(gate => ({ run: run.id, environmentId: gate.environment.id }))
}
