import { type ReadProvenance, readProvenance } from '../domain/provenance.ts'
import { isSha256Digest } from '../domain/units.ts'
import type { Artifact, Artifacts, Statement } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import type { Candidate } from './find-candidate.ts'
import { findPublished } from './find-published.ts'

/** What looking at an artifact asks of the outside. */
export interface ShowPorts {
  readonly versions: VersionTags
  readonly artifacts: Pick<Artifacts, 'location' | 'read' | 'readStatements'>
}

/** An artifact with all that is known of it. */
export interface ShownArtifact {
  readonly solution: string
  readonly candidate: Candidate
  readonly artifact: Artifact
  /** What is attached to it, as it was attached. Whoever may write to the store may attach anything. */
  readonly statements: readonly Statement[]
  /** Who says to have built it; those that name this version first. */
  readonly provenance: readonly ReadProvenance[]
}

/**
 * Reads what an artifact holds and who built it.
 *
 * @throws {RingwayError} `unknown_version`, `artifact_not_found`, `digest_mismatch`, `artifact_refused`, `store_unreachable`
 */
export async function showArtifact(
  ports: ShowPorts,
  request: { readonly solution: string; readonly artifact: string | undefined },
): Promise<ShownArtifact> {
  const { candidate, artifact } = await findPublished(ports, request)
  const statements = await ports.artifacts.readStatements(artifact.digest)
  const read = statements.flatMap(statement => readProvenance(statement) ?? [])
  const ofThis = read.filter(one => one.version === candidate.name)
  return {
    solution: request.solution,
    candidate,
    artifact,
    statements,
    provenance: [...ofThis, ...read.filter(one => !ofThis.includes(one))],
  }
}

/** The solution that an artifact is of; undefined when only a version is named, or the store does not hold the digest. */
export async function solutionOfDigest(
  artifacts: Pick<Artifacts, 'read'>,
  reference: string,
): Promise<string | undefined> {
  return isSha256Digest(reference) ? (await artifacts.read(reference))?.manifest.solution : undefined
}
