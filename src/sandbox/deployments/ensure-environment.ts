import type { Environment } from '../world/environment.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'

export function environmentOf(repository: Repository, name: string): Environment | undefined {
  return repository.environments.get(name.toLowerCase())
}

/** The environment of this name; GitHub makes it, without any rule, the first time somebody names it. */
export function ensureEnvironment(world: World, repository: Repository, name: string): Environment {
  const existing = environmentOf(repository, name)
  if (existing !== undefined) return existing
  const now = world.now()
  const environment: Environment = {
    id: world.nextId('environment'),
    name,
    createdAt: now,
    updatedAt: now,
    waitTimer: 0,
    reviewers: [],
    preventSelfReview: false,
    canAdminsBypass: true,
    branchPolicy: null,
    branchPolicies: [],
    customRules: [],
    ruleIds: {
      waitTimer: world.nextId('protection_rule'),
      reviewers: world.nextId('protection_rule'),
      branchPolicy: world.nextId('protection_rule'),
    },
    variables: new Map(),
    secrets: new Map(),
  }
  repository.environments.set(name.toLowerCase(), environment)
  return environment
}
