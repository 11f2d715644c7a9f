import type { WorldEvent } from '../../world/event.ts'
import type { Repository } from '../../world/repository.ts'

/** An event of a repository; only those can start runs. */
export type RepositoryEvent = WorldEvent & { readonly repository: Repository }

export function isOfRepository(event: WorldEvent): event is RepositoryEvent {
  return event.repository !== null
}
