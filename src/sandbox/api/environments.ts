import { z } from 'zod'
import { ensureEnvironment, environmentOf } from '../deployments/ensure-environment.ts'
import type { Environment, Reviewer } from '../world/environment.ts'
import type { World } from '../world.ts'
import { ApiError, found, validationFailed } from './api-error.ts'
import { wrappedPageOf } from './page.ts'
import { presentEnvironment } from './present/environment.ts'
import { noContent, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

/** Minutes: 30 days. */
const MAX_WAIT = 43_200
const MAX_REVIEWERS = 6

const settings = z.object({
  wait_timer: z.int().min(0).max(MAX_WAIT).optional(),
  prevent_self_review: z.boolean().optional(),
  reviewers: z
    .array(z.object({ type: z.enum(['User', 'Team']), id: z.int() }))
    .max(MAX_REVIEWERS)
    .nullish(),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
})

export const environmentRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/environments',
    needs: { actions: 'read' },
    handle: call =>
      wrappedPageOf(call, {
        key: 'environments',
        all: [...call.repository.environments.values()],
        present: environment => presentEnvironment(world, call.repository, environment),
      }),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/environments/{environment_name}',
    needs: { actions: 'read' },
    handle: call => ok(presentEnvironment(world, call.repository, environmentIn(call))),
  })
  server.repositoryRoute({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/environments/{environment_name}',
    needs: { administration: 'write' },
    handle: call => {
      const changes = call.read(settings)
      const environment = ensureEnvironment(world, call.repository, call.param('environment_name'))
      configure(world, environment, changes)
      return ok(presentEnvironment(world, call.repository, environment))
    },
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/environments/{environment_name}',
    needs: { administration: 'write' },
    handle: call => {
      call.repository.environments.delete(environmentIn(call).name.toLowerCase())
      return noContent()
    },
  })
}

/** The environment that the path names. */
export function environmentIn(call: RepositoryCall): Environment {
  return found(environmentOf(call.repository, call.param('environment_name')))
}

/** As on GitHub, what a PUT leaves out is switched off. */
function configure(world: World, environment: Environment, changes: z.infer<typeof settings>): void {
  const policy = changes.deployment_branch_policy
  if (policy != null && policy.protected_branches === policy.custom_branch_policies) {
    throw validationFailed({
      resource: 'Environment',
      field: 'deployment_branch_policy',
      code: 'invalid',
      message: 'protected_branches and custom_branch_policies cannot have the same value',
    })
  }
  environment.reviewers = (changes.reviewers ?? []).map(each => reviewerOf(world, each))
  environment.waitTimer = changes.wait_timer ?? 0
  environment.preventSelfReview = changes.prevent_self_review ?? false
  environment.branchPolicy = policy == null ? null : policy.protected_branches ? 'protected' : 'custom'
  environment.updatedAt = world.now()
}

function reviewerOf(world: World, { type, id }: { type: 'User' | 'Team'; id: number }): Reviewer {
  if (type === 'Team') {
    const reviewer = world.teamById(id)
    if (reviewer !== undefined) return { type, reviewer }
  } else {
    const reviewer = [...world.accounts.values()].find(account => account.id === id && account.type === 'User')
    if (reviewer !== undefined) return { type, reviewer }
  }
  throw new ApiError(422, `Could not resolve to a ${type} reviewer with the id ${id}`)
}
