import type { Environment } from '../../world/environment.ts'
import type { Repository } from '../../world/repository.ts'
import { filterPattern } from '../workflow/filter-pattern.ts'

/** May a run of this ref use the environment? */
export function isRefAllowed(repository: Repository, environment: Environment, ref: string): boolean {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1]
  if (environment.branchPolicy === null) return true
  if (environment.branchPolicy === 'protected') return branch !== undefined && repository.protectedBranches.has(branch)
  return environment.branchPolicies.some(policy => {
    const name = policy.type === 'tag' ? tag : (branch ?? pullName(ref))
    return name !== undefined && filterPattern(policy.name).test(name)
  })
}

// A pull request's ref can be allowed by its own name: `refs/pull/*/merge`.
function pullName(ref: string): string | undefined {
  return ref.startsWith('refs/pull/') ? ref : undefined
}
