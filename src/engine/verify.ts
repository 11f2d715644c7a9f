import type { RunResult } from '../domain/result.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import type { WorkDirectory } from '../ports/work-directory.ts'
import { findCandidate } from './find-candidate.ts'

/** What proving an artifact asks of the outside. */
export interface VerifyPorts {
  readonly versions: VersionTags
  readonly artifacts: Artifacts
  readonly work: WorkDirectory
}

/**
 * Proves that a version can be deployed as it was published: pulls every layer, hashes it and unpacks it.
 *
 * @throws {RingwayError} `unknown_version`, `artifact_not_found`, `digest_mismatch`, `artifact_refused`, `store_unreachable`
 */
export async function verify(
  ports: VerifyPorts,
  request: { readonly solution: string; readonly artifact: string | undefined },
): Promise<RunResult> {
  const candidate = await findCandidate(ports.versions, request.solution, request.artifact)
  const artifact = await ports.artifacts.read(candidate.digest)
  if (artifact === undefined) {
    throw new RingwayError({
      code: 'artifact_not_found',
      message: `${ports.artifacts.location} does not hold ${candidate.digest} (${candidate.name} of ${request.solution}).`,
      remedy: 'Check that `store` is the one that the build published to.',
    })
  }
  await ports.artifacts.unpack(artifact, ports.work.path('verified'))
  const files = artifact.manifest.files.length
  return {
    schema_version: 1,
    command: 'verify',
    decision: 'done',
    reason_code: 'ok',
    message: `${candidate.name} of ${request.solution} is whole: ${files} ${files === 1 ? 'file' : 'files'} pulled from ${ports.artifacts.location}, each with the digest that its manifest names.`,
    solution: request.solution,
    version: candidate.version === undefined ? undefined : candidate.name,
    digest: candidate.digest,
  }
}
