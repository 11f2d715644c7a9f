import type { ConfigLayer } from '../domain/configuration.ts'
import type { Ring } from '../domain/ring.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { Sha256Digest } from '../domain/units.ts'
import { type VersionNumber, versionName } from '../domain/version.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import type { Placement } from '../ports/target.ts'
import type { WorkDirectory } from '../ports/work-directory.ts'
import { configurationOf } from './describe-change.ts'

/** A version to have on this machine. */
export interface PlacementRequest {
  readonly solution: string
  readonly ring: Ring
  readonly deployment: number
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
  readonly previous: { readonly version: VersionNumber | undefined; readonly digest: Sha256Digest } | undefined
  /** `key=value` of whoever wanted it. @default none */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** The organisation's configuration layer, which is no part of the artifact. */
  readonly organisation: ConfigLayer
}

/**
 * Pulls an artifact by its digest, verifies it and unpacks it.
 *
 * @throws {RingwayError} `artifact_not_found`, `digest_mismatch`, `artifact_refused`, `store_unreachable`
 */
export async function fetchPlacement(
  ports: { readonly artifacts: Artifacts; readonly work: WorkDirectory },
  request: PlacementRequest,
): Promise<Placement> {
  const artifact = await ports.artifacts.read(request.digest)
  if (artifact === undefined) throw notFound(request, ports.artifacts.location)
  if (artifact.manifest.solution !== request.solution) throw otherSolution(request, artifact.manifest.solution)
  const directory = ports.work.path(request.digest.slice('sha256:'.length))
  await ports.artifacts.unpack(artifact, directory)
  return {
    directory,
    manifest: artifact.manifest,
    solution: request.solution,
    ring: request.ring.name,
    environment: request.ring.environment,
    deployment: request.deployment,
    version: nameOf(request.version),
    digest: request.digest,
    previous: request.previous && { version: nameOf(request.previous.version), digest: request.previous.digest },
    parameters: request.parameters,
    configuration: configurationOf(artifact.manifest, request.ring.name, request.organisation).values,
    deadline: request.ring.maxDuration,
  }
}

function nameOf(version: VersionNumber | undefined): string {
  return version === undefined ? '' : versionName(version)
}

function notFound(request: PlacementRequest, location: string): RingwayError {
  return new RingwayError({
    code: 'artifact_not_found',
    message: `${location} does not hold ${request.digest} (${nameOf(request.version) || 'a draft'} of ${request.solution}).`,
    remedy:
      'Check that `store` is the one that the build published to; if the artifact was deleted, push the commit again.',
  })
}

function otherSolution(request: PlacementRequest, other: string): RingwayError {
  return new RingwayError({
    code: 'deployment_mismatch',
    message: `${request.digest} is an artifact of ${other}, and ${request.ring.environment} takes ${request.solution}.`,
    remedy: `Name a version of ${request.solution}.`,
  })
}
