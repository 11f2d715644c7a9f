import type { RunResult } from '../domain/result.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import type { WorkDirectory } from '../ports/work-directory.ts'
import { findPublished } from './find-published.ts'

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
  const { candidate, artifact } = await findPublished(ports, request)
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
