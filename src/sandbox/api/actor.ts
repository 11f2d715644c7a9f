import type { Account } from '../world/account.ts'
import type { GithubApp } from '../world/github-app.ts'
import type { InstallationToken, JobToken } from '../world/token.ts'
import type { World } from '../world.ts'
import { ApiError } from './api-error.ts'

/** Who makes a request. */
export type Actor =
  | { readonly kind: 'anonymous' }
  /** `scopes`: of the classic token that the user sent. */
  | { readonly kind: 'user'; readonly user: Account; readonly scopes?: readonly string[] | undefined }
  | { readonly kind: 'job'; readonly token: JobToken; readonly app: GithubApp }
  | { readonly kind: 'installation'; readonly token: InstallationToken; readonly app: GithubApp }
  | { readonly kind: 'app'; readonly app: GithubApp }

/** The account that stands as creator, author and sender of what the actor does. */
export function accountOf(actor: Actor): Account {
  switch (actor.kind) {
    case 'user':
      return actor.user
    case 'job':
    case 'installation':
    case 'app':
      return actor.app.bot
    case 'anonymous':
      throw new ApiError(401, 'Requires authentication')
  }
}

/** What GitHub shows as `performed_via_github_app`. */
export function appOf(actor: Actor): GithubApp | null {
  return actor.kind === 'job' || actor.kind === 'installation' || actor.kind === 'app' ? actor.app : null
}

/** What every event says of the one who caused it. */
export function causedBy(actor: Actor): { sender: Account; byJobToken: boolean } {
  return { sender: accountOf(actor), byJobToken: actor.kind === 'job' }
}

/** The user behind a request that only people may make. */
export function userOf(actor: Actor): Account {
  if (actor.kind === 'user') return actor.user
  if (actor.kind === 'anonymous') throw new ApiError(401, 'Requires authentication')
  throw new ApiError(403, 'Resource not accessible by integration')
}

export function actorOfJob(world: World, token: JobToken): Actor {
  return { kind: 'job', token, app: world.actionsApp }
}
