import { RingwayError } from '../domain/ringway-error.ts'
import type { Artifact, Artifacts } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import { type Candidate, findCandidate } from './find-candidate.ts'

/** An artifact that was named, and is in the store. */
export interface FoundArtifact {
  readonly candidate: Candidate
  readonly artifact: Artifact
}

/** @throws {RingwayError} `unknown_version`, `artifact_not_found`, `digest_mismatch`, `artifact_refused`, `store_unreachable` */
export async function findPublished(
  ports: { readonly versions: VersionTags; readonly artifacts: Pick<Artifacts, 'location' | 'read'> },
  request: { readonly solution: string; readonly artifact: string | undefined },
): Promise<FoundArtifact> {
  const candidate = await findCandidate(ports.versions, request.solution, request.artifact)
  const artifact = await ports.artifacts.read(candidate.digest)
  if (artifact !== undefined) return { candidate, artifact }
  throw new RingwayError({
    code: 'artifact_not_found',
    message: `${ports.artifacts.location} does not hold ${candidate.digest} (${candidate.name} of ${request.solution}).`,
    remedy: 'Check that `store` is the one that the build published to.',
  })
}
