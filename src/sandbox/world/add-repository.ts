import type { GitRepository } from '../git/git-repository.ts'
import type { World } from '../world.ts'
import type { Account } from './account.ts'
import { fullName, type Repository } from './repository.ts'
import type { Role } from './role.ts'

export interface NewRepository {
  readonly owner: Account
  readonly name: string
  readonly git: GitRepository
  readonly defaultBranch: string
  readonly description?: string
  /** Default true. */
  readonly private?: boolean
  readonly parent?: Repository
  readonly collaborators?: readonly { readonly account: Account; readonly role: Role }[]
}

export function addRepository(world: World, request: NewRepository): Repository {
  const now = world.now()
  const repository: Repository = {
    id: world.nextId('repository'),
    owner: request.owner,
    name: request.name,
    description: request.description ?? null,
    private: request.private ?? true,
    archived: false,
    defaultBranch: request.defaultBranch,
    git: request.git,
    parent: request.parent ?? null,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    collaborators: new Map((request.collaborators ?? []).map(each => [each.account.id, each])),
    teamRoles: new Map(),
    protectedBranches: new Set(),
    requiredChecks: new Map(),
    environments: new Map(),
    deployments: [],
    checkSuites: [],
    checkRuns: [],
    commitStatuses: [],
    issues: new Map(),
    variables: new Map(),
    secrets: new Map(),
  }
  const key = fullName(repository).toLowerCase()
  if (world.repositories.has(key)) throw new TypeError(`expected a repository name that is free, got "${key}"`)
  world.repositories.set(key, repository)
  world.formerNames.delete(key)
  return repository
}
