import { changedFiles } from '../git/diff.ts'
import type { GitCommit, GitFileChange } from '../git/git-object.ts'
import { mergedTree } from '../git/write-object.ts'
import type { PullRequest, Repository } from '../world/repository.ts'

/** A pull request with the repository that it is in. */
export interface PullIn {
  readonly repository: Repository
  readonly pull: PullRequest
}

/** What git says of a pull request now. */
export interface PullFacts {
  readonly commits: readonly GitCommit[]
  readonly files: readonly GitFileChange[]
  /** `null` once it is merged. */
  readonly mergeable: boolean | null
}

/** Oldest first, as GitHub lists them. */
export async function pullCommits({ repository, pull }: PullIn): Promise<GitCommit[]> {
  return (await repository.git.log([`${pull.baseSha}..${pull.headSha}`])).toReversed()
}

export async function pullFiles({ repository, pull }: PullIn): Promise<GitFileChange[]> {
  const base = await repository.git.mergeBase(pull.baseSha, pull.headSha)
  return changedFiles(repository.git, base ?? pull.baseSha, pull.headSha)
}

export async function pullFacts(of: PullIn): Promise<PullFacts> {
  const { repository, pull } = of
  const [commits, files] = await Promise.all([pullCommits(of), pullFiles(of)])
  const base = await repository.git.commitOf(`refs/heads/${pull.baseRef}`)
  const tree = base === undefined ? undefined : await mergedTree(repository.git, base, pull.headSha)
  return { commits, files, mergeable: pull.mergedAt === null ? tree !== undefined : null }
}
