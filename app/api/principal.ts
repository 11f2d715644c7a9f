import type { GithubRole } from '../../src/domain/policy/grant.ts'
import type { RunClaims } from '../../src/domain/policy/run-identity.ts'
import type { Person } from '../../src/domain/promotion.ts'
import type { NamedRepository, TokenOwner } from '../../src/ports/user-tokens.ts'

/** A person who sent a token of theirs. */
export interface PersonPrincipal {
  readonly kind: 'user'
  readonly owner: TokenOwner
  /** By the person's own token; undefined: they are not shown it. */
  roleOf(repository: NamedRepository): Promise<GithubRole | undefined>
  /** The repositories that the person belongs to, by id. */
  repositories(): Promise<ReadonlyMap<number, GithubRole>>
}

/** A run of GitHub Actions that proved which one it is. */
export interface RunPrincipal {
  readonly kind: 'run'
  readonly claims: RunClaims
}

/** Who sends a request. */
export type Principal = PersonPrincipal | RunPrincipal

/** A principal in a few characters, the same for every token of theirs. */
export function principalKey(principal: Principal): string {
  return principal.kind === 'user' ? personKey(principal.owner) : runKey(principal.claims)
}

/** A person in a few characters. */
export function personKey({ id }: Pick<Person, 'id'>): string {
  return `user ${id}`
}

/** An attempt of a run in a few characters. */
export function runKey({ repositoryId, runId, runAttempt }: RunClaims): string {
  return `run ${repositoryId}/${runId}/${runAttempt}`
}
