import type { Actor } from '../api/actor.ts'
import { accountOf } from '../api/actor.ts'
import { personOf } from '../api/present/git.ts'
import { mergedTree, writeCommit } from '../git/write-object.ts'
import { changeRefs } from '../pushes/change-refs.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'

export type AutoMerge = 'not_behind' | 'merged' | 'conflict'

/** What `auto_merge` does before a deployment is made: brings the default branch into the branch to deploy. */
export async function mergeDefaultBranch(
  world: World,
  request: { repository: Repository; ref: string; actor: Actor },
): Promise<AutoMerge> {
  const { repository, ref, actor } = request
  const { git, defaultBranch } = repository
  const name = `refs/heads/${ref}`
  return changeRefs<AutoMerge>(world, { repository, actor }, async () => {
    const [before, head] = await Promise.all([git.resolve(name), git.commitOf(`refs/heads/${defaultBranch}`)])
    if (before === undefined || head === undefined || (await git.isAncestor(head, before)))
      return { changes: [], result: 'not_behind' }
    const tree = await mergedTree(git, before, head)
    if (tree === undefined) return { changes: [], result: 'conflict' }
    const person = personOf(accountOf(actor), world.now())
    const after = await writeCommit(git, {
      tree,
      parents: [before, head],
      message: `Merge ${defaultBranch} into ${ref}`,
      author: person,
      committer: person,
    })
    await git.updateRef({ name, after, before })
    return { changes: [{ name, before, after }], result: 'merged' }
  })
}
