import * as z from 'zod'
import type { RepositoryKey, RingKey } from '../../../src/domain/ring-key.ts'
import type { NamedRepository } from '../../../src/ports/user-tokens.ts'
import type { AdmittedPerson } from '../admit.ts'

/** What routes about a repository begin with. */
export const ofRepository = '/v1/repos/{owner}/{repo}'

/** What routes about a ring begin with. */
export const ofRing = `${ofRepository}/solutions/{solution}/rings/{ring}`

/** The places of a repository's path. */
export const repositoryPlaces = z.strictObject({ owner: z.string(), repo: z.string() })

/** The places of a ring's path. */
export const ringPlaces = repositoryPlaces.extend({ solution: z.string(), ring: z.string() })

/** Places that fit, for examples. */
export const exampleRepository = { owner: 'acme', repo: 'shop' }

/** Places that fit, for examples. */
export const exampleRing = { ...exampleRepository, solution: 'support', ring: 'production' }

/** The ring that a path names. */
export function ringKeyOf(who: AdmittedPerson, params: { readonly solution: string; readonly ring: string }): RingKey {
  return { ...repositoryKeyOf(who), solution: params.solution, ring: params.ring }
}

/** The repository that a path names. */
export function repositoryKeyOf({ repository }: AdmittedPerson): RepositoryKey {
  return { tenant: repository.tenant, repository: repository.repository }
}

/** The path of a repository, as links begin. */
export function repositoryPath({ owner, name }: NamedRepository): string {
  return `/v1/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`
}

/** The path of a ring. */
export function ringPath(
  repository: NamedRepository,
  { solution, ring }: { readonly solution: string; readonly ring: string },
): string {
  return `${repositoryPath(repository)}/solutions/${encodeURIComponent(solution)}/rings/${encodeURIComponent(ring)}`
}
