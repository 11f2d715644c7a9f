import type { Account } from '../../world/account.ts'
import type { Repository } from '../../world/repository.ts'
import type { RepositoryEvent } from './repository-event.ts'

/** The event of `POST /repos/{owner}/{repo}/dispatches`. */
export function repositoryDispatchEvent(request: {
  readonly repository: Repository
  readonly sender: Account
  readonly eventType: string
  readonly payload: Readonly<Record<string, unknown>>
}): RepositoryEvent {
  const { repository, sender, eventType, payload } = request
  return {
    name: 'repository_dispatch',
    action: eventType,
    repository,
    sender,
    // Also with a job's token it may start runs, unlike any other event.
    byJobToken: false,
    body: { branch: repository.defaultBranch, client_payload: payload },
  }
}
