import type { Account } from './account.ts'
import type { GithubApp } from './github-app.ts'

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
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'
  readonly commitId: string
  readonly submittedAt: Date
}
