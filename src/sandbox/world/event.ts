import type { Account } from './account.ts'
import type { GithubApp } from './github-app.ts'
import type { Repository } from './repository.ts'

/**
 * Something happened on GitHub. Webhooks and the triggers of workflows both follow from these.
 *
 * `body` holds the fields that stand beside `action`, `repository`, `organization`, `sender` and `installation` in the
 * webhook's payload, as GitHub words them; `webhooks/payload.ts` puts the whole together, also for `github.event`.
 */
export interface WorldEvent {
  /** The value of X-GitHub-Event: `push`, `pull_request`, `deployment_status` … */
  readonly name: string
  readonly action: string | null
  /** `null` for what concerns an account and not one of its repositories. */
  readonly repository: Repository | null
  readonly sender: Account
  /** Made with a job's token: such an event starts no runs, except the two dispatch events. */
  readonly byJobToken: boolean
  readonly body: Readonly<Record<string, unknown>>
  /** Set where GitHub tells one App only (a check run's button, a protection rule): the others hear nothing. */
  readonly onlyApp?: GithubApp
  /** True where GitHub sends no webhook (and starts no run) although something happened. */
  readonly silent?: boolean
}

export type EventListener = (event: WorldEvent) => void
