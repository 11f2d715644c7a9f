import type { CommitSha } from '../domain/units.ts'
import type { Account } from './deployments.ts'

/** A pull request, as it stands now. */
export interface PullRequest {
  readonly number: number
  readonly title: string
  readonly url: string
  readonly state: 'open' | 'closed'
  readonly isDraft: boolean
  readonly isMerged: boolean
  /** Only of one that is merged: GitHub names a trial merge before. */
  readonly mergeCommit: CommitSha | undefined
  readonly head: {
    readonly commit: CommitSha
    readonly branch: string
    /** The id of its repository; undefined when that was deleted. */
    readonly repository: number | undefined
    readonly isFork: boolean
  }
  readonly base: { readonly commit: CommitSha; readonly branch: string }
  readonly labels: readonly string[]
  readonly author: Account | undefined
}

/** What reviews amount to. */
export interface ReviewDecision {
  /** Somebody who asks for changes outweighs everybody who approves. */
  readonly decision: 'approved' | 'changes_requested' | 'none'
  /** The newest standing review of each person who may write. `commit`: what they saw. */
  readonly reviews: readonly {
    readonly person: Account
    readonly verdict: 'approved' | 'changes_requested'
    readonly commit: CommitSha | undefined
  }[]
}

/** A commit, with the accounts that GitHub believes are behind it. Names and dates in a commit are whatever its author wrote. */
export interface CommitFacts {
  readonly commit: CommitSha
  /** The first line of its message. */
  readonly subject: string
  readonly author: Account | undefined
  readonly committer: Account | undefined
  /** Whether GitHub verified its signature. */
  readonly isVerified: boolean
}

/** What lies between two commits. */
export interface CommitRange {
  /** How the later one relates to the earlier one. */
  readonly relation: 'ahead' | 'behind' | 'identical' | 'diverged'
  /** All that the later one has and the earlier one has not. */
  readonly count: number
  /** The newest of them first, capped. */
  readonly commits: readonly CommitFacts[]
  /** The pull requests whose merge is among {@link CommitRange.commits}, of those that changed last. */
  readonly pulls: readonly PullRequest[]
}

/** Pull requests, and what commits have to do with them. */
export interface PullRequests {
  read(number: number): Promise<PullRequest | undefined>

  /** What its reviews amount to; who reviews without the right to write does not count. */
  reviews(number: number): Promise<ReviewDecision>

  /** Its commits, oldest first. `isComplete`: GitHub lists 250 at most. */
  commits(number: number): Promise<{ readonly commits: readonly CommitFacts[]; readonly isComplete: boolean }>

  /** How many commits of its base branch it does not have. */
  behindBy(pull: PullRequest): Promise<number>

  /** Those that a commit belongs to or was merged by. */
  ofCommit(commit: CommitSha): Promise<readonly PullRequest[]>

  /** Gives it labels and takes labels from it; what is so already stays. Labels that the repository does not know are made. */
  label(number: number, change: { readonly add: readonly string[]; readonly remove: readonly string[] }): Promise<void>

  /** @returns undefined when GitHub does not know one of them, or they have no common ancestor */
  between(range: { readonly earlier: CommitSha; readonly later: CommitSha }): Promise<CommitRange | undefined>
}
