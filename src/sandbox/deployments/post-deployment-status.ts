import { presentDeployment, presentDeploymentStatus } from '../api/present/deployment.ts'
import type { Account } from '../world/account.ts'
import type { Deployment, DeploymentState, DeploymentStatus } from '../world/deployment.ts'
import type { GithubApp } from '../world/github-app.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'

export interface PostDeploymentStatus {
  readonly repository: Repository
  readonly deployment: Deployment
  readonly state: DeploymentState
  readonly creator: Account
  readonly app: GithubApp | null
  readonly byJobToken: boolean
  readonly description?: string
  readonly logUrl?: string
  readonly environmentUrl?: string
  /** Moves the deployment to another environment. */
  readonly environment?: string
  /** Default true. */
  readonly autoInactive?: boolean
  /** Stands beside the status in the webhook: `check_run`, `workflow`, `workflow_run` where a job made it. */
  readonly eventBody?: Readonly<Record<string, unknown>>
}

/**
 * Adds a status to a deployment, tells the world, and after a success deactivates what GitHub deactivates: earlier
 * deployments of the same environment that had succeeded and are neither transient nor production.
 */
export function postDeploymentStatus(world: World, request: PostDeploymentStatus): DeploymentStatus {
  if (request.environment !== undefined) request.deployment.environment = request.environment
  const status = addStatus(world, request)
  if (request.state === 'success' && request.autoInactive !== false) deactivateEarlier(world, request)
  return status
}

function addStatus(world: World, request: PostDeploymentStatus): DeploymentStatus {
  const { repository, deployment, state } = request
  const now = world.now()
  const status: DeploymentStatus = {
    id: world.nextId('deployment_status'),
    state,
    creator: request.creator,
    description: request.description ?? '',
    environment: deployment.environment,
    logUrl: request.logUrl ?? '',
    environmentUrl: request.environmentUrl ?? '',
    createdAt: now,
    app: request.app,
  }
  deployment.statuses.push(status)
  deployment.updatedAt = now
  world.emit({
    name: 'deployment_status',
    action: 'created',
    repository,
    sender: request.creator,
    byJobToken: request.byJobToken,
    // GitHub tells nobody of `inactive`.
    silent: state === 'inactive',
    body: {
      deployment_status: presentDeploymentStatus(world, { repository, deployment, status }),
      deployment: presentDeployment(world, { repository, deployment }),
      check_run: null,
      workflow: null,
      workflow_run: null,
      ...request.eventBody,
    },
  })
  return status
}

function deactivateEarlier(world: World, request: PostDeploymentStatus): void {
  const { deployment, repository } = request
  for (const earlier of repository.deployments) {
    if (earlier.id >= deployment.id) break
    if (earlier.environment !== deployment.environment || earlier.transient || earlier.production) continue
    const latest = earlier.statuses.at(-1)
    if (latest?.state !== 'success') continue
    addStatus(world, {
      repository,
      deployment: earlier,
      state: 'inactive',
      creator: request.creator,
      app: request.app,
      byJobToken: request.byJobToken,
      logUrl: latest.logUrl,
      environmentUrl: latest.environmentUrl,
    })
  }
}
