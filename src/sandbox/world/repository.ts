import type { GitRepository } from '../git/git-repository.ts'
import type { Account } from './account.ts'
import type { CheckRun, CheckSuite } from './check.ts'
import type { CommitStatus } from './commit-status.ts'
import type { Deployment } from './deployment.ts'
import type { Environment } from './environment.ts'
import type { GithubApp } from './github-app.ts'
import type { IssueComment, PullRequestReview, Reaction } from './issue.ts'
import type { Role } from './role.ts'
import type { Settings } from './setting.ts'

interface Collaborator {
  readonly account: Account
  readonly role: Role
}

export interface Repository {
  readonly id: number
  readonly owner: Account
  name: string
  readonly description: string | null
  readonly private: boolean
  /** Read-only, for good. */
  archived: boolean
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
  /** Names of the checks that must pass before anything is merged, by protected branch. */
  readonly requiredChecks: Map<string, readonly string[]>
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

// Issues and repositories know each other, so they stand in one file.

/** What an issue has in addition when it is a pull request. */
export interface PullRequest {
  readonly id: number
  /** The repository of the head branch; another one for a fork. */
  readonly headRepository: Repository
  readonly headRef: string
  headSha: string
  readonly baseRef: string
  baseSha: string
  draft: boolean
  mergedAt: Date | null
  mergedBy: Account | null
  mergeCommitSha: string | null
  readonly reviews: PullRequestReview[]
}

/** An issue or a pull request: they share numbers, comments and reactions, as on GitHub. */
export interface Issue {
  readonly id: number
  readonly number: number
  readonly repository: Repository
  title: string
  body: string | null
  state: 'open' | 'closed'
  readonly user: Account
  readonly app: GithubApp | null
  labels: readonly string[]
  readonly createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  readonly comments: IssueComment[]
  readonly reactions: Reaction[]
  readonly pull: PullRequest | null
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`
}
