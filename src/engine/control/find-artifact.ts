import type { SolutionKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { isSha256Digest } from '../../domain/units.ts'
import { parseVersionName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction } from '../../ports/control-store.ts'

/**
 * The artifact that a version or a digest names. Only what a build of the repository reported exists here: a digest that somebody pushed to
 * the store by other ways cannot be promoted.
 *
 * @throws {RingwayError} `unknown_version`
 */
export async function findArtifact(
  tx: ControlTransaction,
  { tenant, repository, solution }: SolutionKey,
  reference: string,
): Promise<ArtifactRecord> {
  const key = { tenant, repository, solution }
  const number = parseVersionName(reference)
  const found =
    number !== undefined
      ? await tx.artifacts.version(key, number)
      : isSha256Digest(reference)
        ? await tx.artifacts.read(key, reference)
        : undefined
  if (found !== undefined) return found
  const [newest] = await tx.artifacts.versions(key, { limit: 1 })
  throw new RingwayError({
    code: 'unknown_version',
    message: `${solution} has no version ${reference}.`,
    remedy:
      newest === undefined
        ? 'Nothing has been built yet: a push to the default branch makes the first version.'
        : `The newest is v${newest.version ?? 0}.`,
  })
}
