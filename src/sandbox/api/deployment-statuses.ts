import { z } from 'zod'
import { postDeploymentStatus } from '../deployments/post-deployment-status.ts'
import { appOf, causedBy } from './actor.ts'
import { ApiError, found } from './api-error.ts'
import { deploymentIn } from './deployments.ts'
import { pageOf } from './page.ts'
import { presentDeploymentStatus } from './present/deployment.ts'
import { created, ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

/** GitHub takes no more statuses than this for one deployment. */
const MAX_STATUSES = 100
const MAX_DESCRIPTION = 140

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  target_url: z.string().default(''),
  log_url: z.string().optional(),
  description: z
    .string()
    .max(MAX_DESCRIPTION, `description is too long (maximum is ${MAX_DESCRIPTION} characters)`)
    .default(''),
  environment: z.string().optional(),
  environment_url: z.string().default(''),
  auto_inactive: z.boolean().default(true),
})

export const deploymentStatusRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    needs: { deployments: 'read' },
    handle: call => {
      const { repository } = call
      const deployment = deploymentIn(call)
      const all = deployment.statuses.toReversed()
      return pageOf(call, {
        all,
        present: status => presentDeploymentStatus(world, { repository, deployment, status }),
      })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses/{status_id}',
    needs: { deployments: 'read' },
    handle: call => {
      const deployment = deploymentIn(call)
      const id = call.id('status_id')
      const status = found(deployment.statuses.find(each => each.id === id))
      return ok(presentDeploymentStatus(world, { repository: call.repository, deployment, status }))
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    needs: { deployments: 'write' },
    handle: call => {
      const { repository, actor } = call
      const deployment = deploymentIn(call)
      const body = call.read(newStatus)
      if (deployment.statuses.length >= MAX_STATUSES) {
        throw new ApiError(422, `This deployment has reached the maximum number of statuses: ${MAX_STATUSES}`)
      }
      const { sender, byJobToken } = causedBy(actor)
      const status = postDeploymentStatus(world, {
        repository,
        deployment,
        state: body.state,
        description: body.description,
        logUrl: body.log_url ?? body.target_url,
        environmentUrl: body.environment_url,
        ...(body.environment === undefined ? {} : { environment: body.environment }),
        autoInactive: body.auto_inactive,
        creator: sender,
        app: appOf(actor),
        byJobToken,
      })
      return created(presentDeploymentStatus(world, { repository, deployment, status }))
    },
  })
}
