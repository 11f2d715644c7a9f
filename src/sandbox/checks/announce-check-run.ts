import type { Actor } from '../api/actor.ts'
import { causedBy } from '../api/actor.ts'
import { presentCheckRunEvent } from '../api/present/check-run.ts'
import type { CheckRun } from '../world/check.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'

export function announceCheckRun(
  world: World,
  happening: { repository: Repository; run: CheckRun; actor: Actor; action: string; extra?: Record<string, unknown> },
): void {
  const { repository, run, actor, action, extra } = happening
  world.emit({
    name: 'check_run',
    action,
    repository,
    ...causedBy(actor),
    // The buttons of a check run, and the wish to run it again, are news for its own App only.
    ...(action === 'requested_action' || action === 'rerequested' ? { onlyApp: run.app } : {}),
    body: { check_run: presentCheckRunEvent(world, repository, run), ...extra },
  })
}

/** Presses a button of a completed check run. */
export function pressCheckAction(
  world: World,
  press: { repository: Repository; run: CheckRun; identifier: string; actor: Actor },
): void {
  const { repository, run, identifier, actor } = press
  if (!run.actions.some(action => action.identifier === identifier)) {
    throw new TypeError(`expected a button of the check run "${run.name}", got "${identifier}"`)
  }
  const extra = { requested_action: { identifier } }
  announceCheckRun(world, { repository, run, actor, action: 'requested_action', extra })
}
