import { presentDeployment } from '../api/present/deployment.ts'
import type { Account } from '../world/account.ts'
import type { Deployment } from '../world/deployment.ts'
import type { GithubApp } from '../world/github-app.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { ensureEnvironment } from './ensure-environment.ts'

export interface OpenDeployment {
  readonly repository: Repository
  readonly sha: string
  readonly ref: string
  readonly environment: string
  readonly creator: Account
  /** The App in whose name it happens; the runner gives `world.actionsApp` for the deployment of a job. */
  readonly app: GithubApp | null
  readonly byJobToken: boolean
  readonly task?: string
  readonly payload?: string | Record<string, unknown>
  readonly description?: string | null
  readonly transient?: boolean
  readonly production?: boolean
  /** Stands beside the deployment in the webhook: `workflow` and `workflow_run` where a job made it. */
  readonly eventBody?: Readonly<Record<string, unknown>>
}

/** Records a deployment, makes its environment if need be, and tells the world. */
export function openDeployment(world: World, request: OpenDeployment): Deployment {
  const { repository } = request
  const environment = ensureEnvironment(world, repository, request.environment)
  const now = world.now()
  const deployment: Deployment = {
    id: world.nextId('deployment'),
    sha: request.sha,
    ref: request.ref,
    task: request.task ?? 'deploy',
    payload: request.payload ?? {},
    originalEnvironment: environment.name,
    environment: environment.name,
    description: request.description ?? null,
    creator: request.creator,
    createdAt: now,
    updatedAt: now,
    transient: request.transient ?? false,
    production: request.production ?? environment.name === 'production',
    app: request.app,
    statuses: [],
  }
  repository.deployments.push(deployment)
  world.emit({
    name: 'deployment',
    action: 'created',
    repository,
    sender: request.creator,
    byJobToken: request.byJobToken,
    body: {
      deployment: presentDeployment(world, { repository, deployment }),
      workflow: null,
      workflow_run: null,
      ...request.eventBody,
    },
  })
  return deployment
}
