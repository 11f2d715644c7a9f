import { openDeployment } from '../../deployments/open-deployment.ts'
import { postDeploymentStatus } from '../../deployments/post-deployment-status.ts'
import type { DeploymentState } from '../../world/deployment.ts'
import type { World } from '../../world.ts'
import { jobPage } from '../job-page.ts'
import { presentRun } from '../present/present-run.ts'
import { presentWorkflow } from '../present/present-workflow.ts'
import type { Job } from '../runs/workflow-run.ts'

/** Opens the Deployment that GitHub makes for a job with an environment. */
export function openJobDeployment(world: World, job: Job, environment: string): void {
  const { run } = job
  const { headSha, headBranch, ref } = run.trigger
  job.deployment = openDeployment(world, {
    repository: run.repository,
    sha: headSha,
    ref: headBranch ?? ref,
    environment,
    creator: job.attempt.triggeringActor,
    app: world.actionsApp,
    // Made by Actions: starts no further runs.
    byJobToken: true,
    eventBody: eventBody(world, job),
  })
}

/** Posts a status of the job's Deployment, where it has one. */
export function postJobDeploymentStatus(
  world: World,
  job: Job,
  status: { readonly state: DeploymentState; readonly environmentUrl?: string | undefined },
): void {
  const { deployment } = job
  if (deployment === undefined || deployment.statuses.at(-1)?.state === status.state) return
  postDeploymentStatus(world, {
    repository: job.run.repository,
    deployment,
    state: status.state,
    creator: job.attempt.triggeringActor,
    app: world.actionsApp,
    byJobToken: true,
    logUrl: jobPage(world, job),
    ...(status.environmentUrl === undefined ? {} : { environmentUrl: status.environmentUrl }),
    eventBody: eventBody(world, job),
  })
}

function eventBody(world: World, job: Job): Readonly<Record<string, unknown>> {
  return {
    workflow: presentWorkflow(world, job.run.workflow),
    // In these two events GitHub's schema has no value for either of the two.
    workflow_run: { ...presentRun(world, job.run, job.attempt), head_commit: null, previous_attempt_url: null },
  }
}
