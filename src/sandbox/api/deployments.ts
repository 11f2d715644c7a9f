import { z } from 'zod'
import { contextStates } from '../checks/context-states.ts'
import { mergeDefaultBranch } from '../deployments/merge-default-branch.ts'
import { openDeployment } from '../deployments/open-deployment.ts'
import type { Deployment } from '../world/deployment.ts'
import type { World } from '../world.ts'
import { appOf, causedBy } from './actor.ts'
import { ApiError, found } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentDeployment } from './present/deployment.ts'
import { created, noContent, ok, type Reply, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const newDeployment = z.object({
  ref: z.string().min(1),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().min(1).max(255).default('production'),
  description: z.string().nullable().default(null),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
})

export const deploymentRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/deployments',
    needs: { deployments: 'read' },
    handle: call => {
      const { repository, query } = call
      const wanted = (['sha', 'ref', 'task', 'environment'] as const).map(key => [key, query(key)] as const)
      const all = repository.deployments
        .filter(each => wanted.every(([key, value]) => value === undefined || value === 'none' || each[key] === value))
        .toReversed()
      return pageOf(call, { all, present: deployment => presentDeployment(world, { repository, deployment }) })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/deployments',
    needs: { deployments: 'write' },
    handle: call => createDeployment(world, call),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/deployments/{deployment_id}',
    needs: { deployments: 'read' },
    handle: call => ok(presentDeployment(world, { repository: call.repository, deployment: deploymentIn(call) })),
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/deployments/{deployment_id}',
    needs: { deployments: 'write' },
    handle: call => {
      const { deployments } = call.repository
      const deployment = deploymentIn(call)
      const latest = deployment.statuses.at(-1)?.state
      if (deployments.length > 1 && latest !== 'inactive') {
        throw new ApiError(
          422,
          'We cannot delete an active deployment unless it is the only deployment in a given environment.',
        )
      }
      deployments.splice(deployments.indexOf(deployment), 1)
      return noContent()
    },
  })
}

/** The deployment that the path names. */
export function deploymentIn(call: RepositoryCall): Deployment {
  const id = call.id('deployment_id')
  return found(call.repository.deployments.find(each => each.id === id))
}

async function createDeployment(world: World, call: RepositoryCall): Promise<Reply> {
  const { repository, actor } = call
  const body = call.read(newDeployment)
  const sha = await repository.git.commitOf(body.ref)
  if (sha === undefined) throw new ApiError(422, `No ref found for: ${body.ref}`)
  if (body.auto_merge) {
    const outcome = await mergeDefaultBranch(world, { repository, ref: body.ref, actor })
    const branches = `${repository.defaultBranch} into ${body.ref}`
    if (outcome === 'conflict') throw new ApiError(409, `Conflict merging ${branches}`)
    if (outcome === 'merged') return { status: 202, body: { message: `Auto-merged ${branches} on deployment.` } }
  }
  demandContexts(call, { sha, ref: body.ref, required: body.required_contexts })
  const { sender, byJobToken } = causedBy(actor)
  const deployment = openDeployment(world, {
    repository,
    sha,
    ref: body.ref,
    task: body.task,
    payload: body.payload,
    environment: body.environment,
    description: body.description,
    transient: body.transient_environment,
    ...(body.production_environment === undefined ? {} : { production: body.production_environment }),
    creator: sender,
    app: appOf(actor),
    byJobToken,
  })
  return created(presentDeployment(world, { repository, deployment }))
}

/** Without a list GitHub wants every context of the commit green; an empty list asks for none. */
function demandContexts(
  { repository }: RepositoryCall,
  { sha, ref, required }: { sha: string; ref: string; required: readonly string[] | undefined },
): void {
  const states = contextStates(repository, sha)
  const contexts = (required ?? [...states.keys()]).map(context => ({
    context,
    state: states.get(context) === true ? 'success' : states.has(context) ? 'failure' : 'pending',
  }))
  if (contexts.every(each => each.state === 'success')) return
  const message = `Conflict: Commit status checks failed for ${ref}.`
  throw new ApiError(409, message, [
    { resource: 'Deployment', field: 'required_contexts', code: 'invalid', message: JSON.stringify(contexts) },
  ])
}
