import type { CommitSha } from '../domain/units.ts'
import type { Version, VersionNumber } from '../domain/version.ts'

/** A version on its way to being claimed. */
export interface VersionClaim {
  readonly solution: string
  readonly version: Version
}

/**
 * The versions of a solution, kept as annotated git tags. Creating a tag is atomic, so of many builds at once exactly one gets a
 * number.
 */
export interface VersionTags {
  /** The versions of a solution, newest first, read as far as the caller iterates. Tags that are no version of ours are passed over. */
  list(solution: string): AsyncIterable<Version>

  read(solution: string, number: VersionNumber): Promise<Version | undefined>

  /**
   * `created`: the number is ours. `taken`: somebody else has it; read it. `refused_workflow`: GitHub takes no tag on this
   * commit, because its workflow files differ from the branch's head.
   */
  create(claim: VersionClaim): Promise<'created' | 'taken' | 'refused_workflow'>

  /** The head of the default branch now. */
  defaultBranchHead(): Promise<CommitSha>
}
