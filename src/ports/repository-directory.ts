import type { NamedRepository } from './user-tokens.ts'

/** Finds repositories of all tenants: the one question that is asked before it is known which tenant it is about. */
export interface RepositoryDirectory {
  /** Whatever case the names are written in. @returns undefined where the App is not installed */
  byName(owner: string, name: string): Promise<NamedRepository | undefined>

  byId(repository: number): Promise<NamedRepository | undefined>

  /** Those of the given ones where the App is installed, in the order of their names. */
  among(repositories: readonly number[]): Promise<readonly NamedRepository[]>
}
