import { type Actor, accountOf } from '../api/actor.ts'
import { ApiError } from '../api/api-error.ts'
import { personOf } from '../api/present/git.ts'
import type { PullIssue } from '../api/present/pull-request.ts'
import { mergedTree, writeCommit } from '../git/write-object.ts'
import { changeRefs } from '../pushes/change-refs.ts'
import type { World } from '../world.ts'
import { closePull } from './follow-heads.ts'

export interface MergePull {
  readonly issue: PullIssue
  readonly actor: Actor
  readonly method: 'merge' | 'squash'
  readonly title: string | undefined
  /** The head must still be this one. */
  readonly sha: string | undefined
}

/**
 * Merges a pull request: one push to its base branch, from which all the rest follows. Gives the merge commit.
 *
 * @throws {ApiError} 405 when it conflicts or is not open, 409 when its head has moved on
 */
export async function mergePull(world: World, request: MergePull): Promise<string> {
  const { issue, actor } = request
  const { pull, repository } = issue
  const { git } = repository
  if (issue.state !== 'open') throw new ApiError(405, 'Pull Request is not mergeable')
  if (request.sha !== undefined && request.sha !== pull.headSha) {
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.')
  }
  return changeRefs(world, { repository, actor }, async () => {
    const name = `refs/heads/${pull.baseRef}`
    const before = await git.commitOf(name)
    const tree = before === undefined ? undefined : await mergedTree(git, before, pull.headSha)
    if (before === undefined || tree === undefined) throw new ApiError(405, 'Pull Request is not mergeable')
    const person = personOf(accountOf(actor), world.now())
    const after = await writeCommit(git, {
      tree,
      parents: request.method === 'squash' ? [before] : [before, pull.headSha],
      message:
        request.title ?? `Merge pull request #${issue.number} from ${pull.headRepository.owner.login}/${pull.headRef}`,
      author: person,
      committer: person,
    })
    await git.updateRef({ name, after, before })
    pull.mergedAt = world.now()
    pull.mergedBy = accountOf(actor)
    pull.mergeCommitSha = after
    await closePull(world, { issue, actor })
    return { changes: [{ name, before, after }], result: after }
  })
}
