import { z } from 'zod'
import type { BranchPolicy } from '../world/environment.ts'
import { ApiError, found } from './api-error.ts'
import { environmentIn } from './environments.ts'
import { wrappedPageOf } from './page.ts'
import { presentBranchPolicy } from './present/environment.ts'
import { noContent, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const ROOT = '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies'
const newPolicy = z.object({ name: z.string().min(1), type: z.enum(['branch', 'tag']).default('branch') })

/** Branches and tags that may deploy to an environment with custom policies. */
export const environmentBranchPolicyRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: ROOT,
    needs: { actions: 'read' },
    handle: call =>
      wrappedPageOf(call, {
        key: 'branch_policies',
        all: environmentIn(call).branchPolicies,
        present: presentBranchPolicy,
      }),
  })
  server.repositoryRoute({
    method: 'POST',
    path: ROOT,
    needs: { administration: 'write' },
    handle: call => {
      const environment = environmentIn(call)
      if (environment.branchPolicy !== 'custom')
        throw new ApiError(404, 'Custom branch policies are not enabled for this environment')
      const { name, type } = call.read(newPolicy)
      const existing = environment.branchPolicies.find(policy => policy.name === name && policy.type === type)
      if (existing !== undefined) return { status: 303 }
      const policy = { id: world.nextId('branch_policy'), name, type }
      environment.branchPolicies.push(policy)
      return ok(presentBranchPolicy(policy))
    },
  })
  server.repositoryRoute({
    method: 'PUT',
    path: `${ROOT}/{branch_policy_id}`,
    needs: { administration: 'write' },
    handle: call => {
      const policy = policyIn(call)
      policy.name = call.read(newPolicy).name
      return ok(presentBranchPolicy(policy))
    },
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: `${ROOT}/{branch_policy_id}`,
    needs: { administration: 'write' },
    handle: call => {
      const { branchPolicies } = environmentIn(call)
      branchPolicies.splice(branchPolicies.indexOf(policyIn(call)), 1)
      return noContent()
    },
  })
}

function policyIn(call: RepositoryCall): BranchPolicy {
  const id = call.id('branch_policy_id')
  return found(environmentIn(call).branchPolicies.find(policy => policy.id === id))
}
