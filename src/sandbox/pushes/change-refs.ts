import type { Actor } from '../api/actor.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { announcePush } from './announce-push.ts'
import type { RefChange } from './ref-change.ts'

export interface RefWork<Result> {
  readonly changes: readonly RefChange[]
  readonly result: Result
}

/**
 * Everything that writes refs goes through here, one at a time per repository: so the world hears of changes in the
 * order in which they happened, and what a push changed can be told from the refs before and after it.
 */
export function changeRefs<Result>(
  world: World,
  by: { readonly repository: Repository; readonly actor: Actor },
  work: () => Promise<RefWork<Result>>,
): Promise<Result> {
  const { repository, actor } = by
  return repository.git.turns.take(async () => {
    const { changes, result } = await work()
    await announcePush(world, { repository, changes, actor })
    return result
  })
}
