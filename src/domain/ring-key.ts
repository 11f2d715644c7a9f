/** A repository of a tenant. Ids, because names are given away again. */
export interface RepositoryKey {
  /** The id of the installation of the App. */
  readonly tenant: number
  /** GitHub's id of the repository. */
  readonly repository: number
}

/** A solution of a repository. */
export interface SolutionKey extends RepositoryKey {
  readonly solution: string
}

/** A ring of a solution. */
export interface RingKey extends SolutionKey {
  readonly ring: string
}

/** `7/42/support/staging`: for lease names and keys of effects. */
export function ringKeyText({ tenant, repository, solution, ring }: RingKey): string {
  return `${tenant}/${repository}/${solution}/${ring}`
}
