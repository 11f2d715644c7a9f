import type { Person } from './promotion.ts'
import type { EpochMs } from './units.ts'

/** Somebody keeps promotions out of a ring, or out of every ring of a repository. */
export interface RingLock {
  /** Absent: every ring of the repository. */
  readonly ring: { readonly solution: string; readonly ring: string } | undefined
  readonly by: Person
  readonly reason: string | undefined
  readonly since: EpochMs
  /** Absent: until somebody unlocks it. */
  readonly until: EpochMs | undefined
  /** The pull request whose merge or close ends it, where the ring file says so. */
  readonly pullRequest: number | undefined
}
