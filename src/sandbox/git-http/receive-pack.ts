import type { Actor } from '../api/actor.ts'
import { ZERO_SHA } from '../git/git-object.ts'
import { changeRefs } from '../pushes/change-refs.ts'
import { type RefChange, refChanges } from '../pushes/ref-change.ts'
import { guardedWorkflow, workflowRefusal } from '../pushes/workflow-guard.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { type BackendAnswer, type BackendCall, runHttpBackend } from './http-backend.ts'
import { refusalReport } from './refusal-report.ts'

/** Takes a push, tells from the refs before and after what it changed, and tells the world. */
export async function receivePack(
  world: World,
  push: { repository: Repository; actor: Actor; call: BackendCall },
): Promise<BackendAnswer> {
  const { repository, actor, call } = push
  return changeRefs(world, { repository, actor }, async () => {
    const before = await repository.git.refs()
    const answer = await runHttpBackend(call)
    const moved = refChanges(before, await repository.git.refs())
    const refused = await takeBackGuarded(repository, actor, moved)
    return {
      changes: moved.filter(change => !refused.has(change.name)),
      result: refused.size === 0 ? answer : { ...answer, body: refusalReport({ changes: moved, refused }) },
    }
  })
}

/**
 * A job or an App without the permission `workflows` may not bring workflow files in. What the files are is known only
 * once the pack is there, so a ref that is refused is put back before anybody can see it: pushes take turns.
 */
async function takeBackGuarded(
  repository: Repository,
  actor: Actor,
  changes: readonly RefChange[],
): Promise<Map<string, string>> {
  const refused = new Map<string, string>()
  for (const change of changes) {
    if (change.after === ZERO_SHA) continue
    const guarded = await guardedWorkflow(actor, repository, change.after)
    if (guarded === undefined) continue
    refused.set(change.name, workflowRefusal(guarded))
    if (change.before === ZERO_SHA) await repository.git.deleteRef(change.name, change.after)
    else await repository.git.updateRef({ name: change.name, before: change.after, after: change.before })
  }
  return refused
}
