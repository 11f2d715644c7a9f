import { RingwayError } from '../domain/ringway-error.ts'
import { type CommitSha, isSha256Digest, type Sha256Digest } from '../domain/units.ts'
import { artifactName, parseVersionName, type Version, type VersionNumber } from '../domain/version.ts'
import type { VersionTags } from '../ports/version-tags.ts'

/** The artifact that wants to enter a ring. */
export interface Candidate {
  /** Absent for a draft. */
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
  /** The commit it was built from; a draft's is known from its Deployment alone. */
  readonly commit: CommitSha | undefined
  /** `v42`, or `draft 0123456789ab` */
  readonly name: string
}

/**
 * The artifact that `reference` names: a version, a digest, or, when it is undefined, the newest version. The git tag decides what a
 * version is; a registry tag may lie.
 *
 * @throws {RingwayError} `unknown_version`
 */
export async function findCandidate(
  versions: VersionTags,
  solution: string,
  reference: string | undefined,
): Promise<Candidate> {
  if (reference === undefined) {
    const newest = await first(versions.list(solution))
    if (newest === undefined) throw unknown(`Solution ${solution} has no version yet.`)
    return candidate(newest)
  }
  if (isSha256Digest(reference)) {
    for await (const version of versions.list(solution)) if (version.digest === reference) return candidate(version)
    return {
      version: undefined,
      digest: reference,
      commit: undefined,
      name: artifactName({ digest: reference }),
    }
  }
  const number = parseVersionName(reference)
  const version = number === undefined ? undefined : await versions.read(solution, number)
  if (version === undefined) throw unknown(`Solution ${solution} has no version ${reference}.`)
  return candidate(version)
}

function candidate(version: Version): Candidate {
  return {
    version: version.number,
    digest: version.digest,
    commit: version.commit,
    name: artifactName({ version: version.number, digest: version.digest }),
  }
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item
  return undefined
}

function unknown(message: string): RingwayError {
  return new RingwayError({
    code: 'unknown_version',
    message,
    remedy:
      'Look at the tags `ringway/<solution>/v<n>` for the versions there are; a push to the default branch makes the next.',
  })
}
