import type { World } from '../../world.ts'
import { otherTriggering } from './other-triggering.ts'
import { pullRequestTriggering } from './pull-request-triggering.ts'
import { pushTriggering } from './push-triggering.ts'
import type { RepositoryEvent } from './repository-event.ts'
import type { Triggering } from './triggering.ts'

/** Undefined for an event that starts no runs. */
export async function triggeringOf(world: World, event: RepositoryEvent): Promise<Triggering | undefined> {
  // What a job's token did starts nothing, or workflows would start each other for ever; dispatches, which may, do not
  // come this way.
  if (event.byJobToken || event.silent === true) return undefined
  if (event.name === 'push') return await pushTriggering(world, event)
  if (event.name === 'pull_request') return await pullRequestTriggering(world, event)
  return await otherTriggering(world, event)
}
