import type { CommitReach } from '../../ports/commit-reach.ts'
import { compareCommits } from './compare-commits.ts'
import type { GithubClient } from './github-client.ts'

/** What the default branch contains, by GitHub's comparison of commits. */
export function createGithubCommitReach(client: GithubClient): CommitReach {
  return {
    async isReachable(commit) {
      const compared = await compareCommits(client, { base: await client.defaultBranch(), head: commit })
      return compared?.status === 'behind' || compared?.status === 'identical'
    },
  }
}
