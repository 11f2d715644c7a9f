import { z } from 'zod'
import { userOf } from '../../api/actor.ts'
import { presentDeployment } from '../../api/present/deployment.ts'
import { nodeId } from '../../api/present/node-id.ts'
import { repositoryPage, repositoryUrl } from '../../api/present/repository.ts'
import { presentUser } from '../../api/present/user.ts'
import { ok, type RepositoryCall } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import { environmentOf } from '../../deployments/ensure-environment.ts'
import type { Environment } from '../../world/environment.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { mayReview, reviewEnvironments, type WaitingJob, waitingJobs } from '../environments/review.ts'
import { presentReviewer } from '../present/present-reviewer.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import { currentAttempt, type WorkflowRun } from '../runs/workflow-run.ts'
import { runOf } from './run-routes.ts'

const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}'

const reviewBody = z.object({
  environment_ids: z.array(z.number().int()),
  state: z.enum(['approved', 'rejected']),
  comment: z.string(),
})

/** Reviews of environments by people. */
export function reviewRoutes(runtime: ActionsRuntime): RoutePlugin {
  const { world } = runtime
  return server => {
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/pending_deployments`,
      needs: { actions: 'read' },
      handle: call => ok(pendingDeployments(world, runOf(runtime, call), call)),
    })
    server.repositoryRoute({
      method: 'POST',
      path: `${RUN}/pending_deployments`,
      needs: { deployments: 'write' },
      handle: call => {
        // People only: GitHub lets no App and no job approve in a reviewer's place.
        const user = userOf(call.actor)
        const { environment_ids: environmentIds, state, comment } = call.read(reviewBody)
        const run = runOf(runtime, call)
        const reviewed = reviewEnvironments(world, { run, environmentIds, state, comment, user })
        const deployments = reviewed.flatMap(({ job }) => job.deployment ?? [])
        const { repository } = call
        return ok(deployments.map(deployment => presentDeployment(world, { repository, deployment })))
      },
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/approvals`,
      needs: { actions: 'read' },
      handle: call => ok(approvals(world, runOf(runtime, call))),
    })
  }
}

function pendingDeployments(world: World, run: WorkflowRun, call: RepositoryCall): readonly unknown[] {
  const byEnvironment = new Map(waitingJobs(run).map(waiting => [waiting.gate.environment.id, waiting]))
  return [...byEnvironment.values()].map(waiting => presentPending(world, { run, waiting, call }))
}

function presentPending(
  world: World,
  of: { readonly run: WorkflowRun; readonly waiting: WaitingJob; readonly call: RepositoryCall },
): Record<string, unknown> {
  const { environment, since } = of.waiting.gate
  const { actor, repository } = of.call
  return {
    environment: presentEnvironmentReference(world, repository, environment),
    wait_timer: environment.waitTimer,
    wait_timer_started_at: environment.waitTimer === 0 ? null : since,
    current_user_can_approve: actor.kind === 'user' && mayReview(of.run, of.waiting.gate, actor.user),
    reviewers: environment.reviewers.map(reviewer => presentReviewer(world, reviewer)),
  }
}

function approvals(world: World, run: WorkflowRun): readonly unknown[] {
  return currentAttempt(run).reviews.map(review => ({
    environments: review.environments.flatMap(name => {
      const environment = environmentOf(run.repository, name)
      if (environment === undefined) return []
      const { createdAt, updatedAt } = environment
      const reference = presentEnvironmentReference(world, run.repository, environment)
      return [{ ...reference, created_at: createdAt, updated_at: updatedAt }]
    }),
    state: review.state,
    user: presentUser(world, review.user),
    comment: review.comment,
  }))
}

function presentEnvironmentReference(
  world: World,
  repository: Repository,
  { id, name }: Environment,
): Record<string, unknown> {
  const path = encodeURIComponent(name)
  return {
    id,
    node_id: nodeId('EN', id),
    name,
    url: `${repositoryUrl(world, repository)}/environments/${path}`,
    html_url: `${repositoryPage(world, repository)}/deployments/activity_log?environments_filter=${path}`,
  }
}
