import type { GithubRole } from '../domain/policy/grant.ts'
import type { Person } from '../domain/promotion.ts'
import type { RepositoryKey } from '../domain/ring-key.ts'

/** Whom a token of GitHub belongs to. */
export interface TokenOwner extends Person {
  /**
   * Whether the token may change repositories on GitHub, as far as GitHub tells: who holds one that may only read there may only read here,
   * whatever its owner may.
   */
  readonly mayWrite: boolean
}

/** A repository where the App is installed, with its name. */
export interface NamedRepository extends RepositoryKey {
  readonly owner: string
  readonly name: string
}

/** What GitHub says to people's own tokens. Answers may be a minute old. */
export interface UserTokens {
  /** @returns undefined for a token that GitHub does not know */
  owner(token: string): Promise<TokenOwner | undefined>

  /** The role of a token's owner; undefined when the token does not show them the repository. */
  role(token: string, repository: NamedRepository): Promise<GithubRole | undefined>

  /** The repositories that the owner belongs to, by id. Public repositories of strangers are not among them. */
  repositories(token: string): Promise<ReadonlyMap<number, GithubRole>>
}
