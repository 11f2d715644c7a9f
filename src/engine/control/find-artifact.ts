import type { SolutionKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { isSha256Digest } from '../../domain/units.ts'
import { parseVersionName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction } from '../../ports/control-store.ts'

/**
 * The artifact that a version or a digest names. Only what a build of the repository reported, or what it took from another one, exists here:
 * a digest that somebody pushed to the store by other ways cannot be promoted.
 *
 * @throws {RingwayError} `unknown_version`
 */
export async function findArtifact(
  tx: ControlTransaction,
  key: SolutionKey,
  reference: string,
): Promise<ArtifactRecord> {
  const found = await knownArtifact(tx, key, reference)
  if (found !== undefined) return found
  throw await unknownArtifact(tx, key, reference)
}

/** The same, or undefined. */
export async function knownArtifact(
  tx: ControlTransaction,
  key: SolutionKey,
  reference: string,
): Promise<ArtifactRecord | undefined> {
  const number = parseVersionName(reference)
  if (number !== undefined) return await tx.artifacts.version(solutionOf(key), number)
  return isSha256Digest(reference) ? await tx.artifacts.read(solutionOf(key), reference) : undefined
}

/** What whoever named it is told. */
export async function unknownArtifact(
  tx: ControlTransaction,
  key: SolutionKey,
  reference: string,
): Promise<RingwayError> {
  const [newest] = await tx.artifacts.versions(solutionOf(key), { limit: 1 })
  return new RingwayError({
    code: 'unknown_version',
    message: `${key.solution} has no version ${reference}.`,
    remedy:
      newest === undefined
        ? 'Nothing has been built yet: a push to the default branch makes the first version. What another repository built is named by its digest.'
        : `The newest is v${newest.version ?? 0}.`,
  })
}

/** A ring's key names its solution too. */
function solutionOf({ tenant, repository, solution }: SolutionKey): SolutionKey {
  return { tenant, repository, solution }
}
