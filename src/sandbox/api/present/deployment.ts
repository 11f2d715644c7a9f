import type { Deployment, DeploymentStatus } from '../../world/deployment.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { presentNullableApp } from './github-app.ts'
import { nodeId } from './node-id.ts'
import { repositoryUrl } from './repository.ts'
import { presentUser } from './user.ts'

/** A deployment of this repository. */
export interface DeploymentIn {
  readonly repository: Repository
  readonly deployment: Deployment
}

function deploymentUrl(world: World, { repository, deployment }: DeploymentIn): string {
  return `${repositoryUrl(world, repository)}/deployments/${deployment.id}`
}

/** GitHub's `deployment-simple`, which a job's check run carries. */
export function presentSimpleDeployment(world: World, of: DeploymentIn): Record<string, unknown> {
  const { deployment, repository } = of
  const url = deploymentUrl(world, of)
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: presentNullableApp(world, deployment.app),
  }
}

/** GitHub's `deployment`. */
export function presentDeployment(world: World, of: DeploymentIn): Record<string, unknown> {
  const { deployment } = of
  return {
    ...presentSimpleDeployment(world, of),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    creator: presentUser(world, deployment.creator),
  }
}

/** GitHub's `deployment-status`. */
export function presentDeploymentStatus(
  world: World,
  of: DeploymentIn & { readonly status: DeploymentStatus },
): Record<string, unknown> {
  const { status, repository } = of
  const url = deploymentUrl(world, of)
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: presentUser(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(world, repository),
    performed_via_github_app: presentNullableApp(world, status.app),
  }
}
