import type { GitRepository } from '../git/git-repository.ts'
import type { Account } from './account.ts'
import type { CheckRun, CheckSuite } from './check.ts'
import type { CommitStatus } from './commit-status.ts'
import type { Deployment } from './deployment.ts'
import type { Environment } from './environment.ts'
import type { Issue } from './issue.ts'
import type { Role } from './role.ts'
import type { Settings } from './setting.ts'

export interface Collaborator {
  readonly account: Account
  readonly role: Role
}

export interface Repository {
  readonly id: number
  readonly owner: Account
  readonly name: string
  readonly description: string | null
  readonly private: boolean
  readonly defaultBranch: string
  /** The real bare repository: refs, commits and trees are never kept anywhere else. */
  readonly git: GitRepository
  /** The repository that this one was forked from. */
  readonly parent: Repository | null
  readonly createdAt: Date
  updatedAt: Date
  pushedAt: Date
  readonly collaborators: Map<number, Collaborator>
  /** Roles that teams have here, by team id. */
  readonly teamRoles: Map<number, Role>
  readonly protectedBranches: Set<string>
  /** By lower-case name: GitHub compares environment names without case. */
  readonly environments: Map<string, Environment>
  /** Oldest first. */
  readonly deployments: Deployment[]
  readonly checkSuites: CheckSuite[]
  readonly checkRuns: CheckRun[]
  /** Oldest first. */
  readonly commitStatuses: CommitStatus[]
  /** Issues and pull requests, by number. */
  readonly issues: Map<number, Issue>
  readonly variables: Settings
  readonly secrets: Settings
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`
}
