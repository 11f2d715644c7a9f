import type { CommitSha } from '../domain/units.ts'

/** Whether a commit is one of ours: GitHub shows the commits of every fork as if they were the repository's own. */
export interface CommitReach {
  /** Whether the default branch contains it. */
  isReachable(commit: CommitSha): Promise<boolean>
}
