import type { Account } from './account.ts'
import type { GithubApp } from './github-app.ts'
import type { Repository } from './repository.ts'

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const

export type ReactionContent = (typeof REACTIONS)[number]

export interface Reaction {
  readonly id: number
  readonly user: Account
  readonly content: ReactionContent
  readonly createdAt: Date
}

export interface IssueComment {
  readonly id: number
  readonly user: Account
  readonly app: GithubApp | null
  body: string
  readonly createdAt: Date
  updatedAt: Date
  readonly reactions: Reaction[]
}

export interface PullRequestReview {
  readonly id: number
  readonly user: Account
  readonly body: string
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'
  readonly commitId: string
  readonly submittedAt: Date
}

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
