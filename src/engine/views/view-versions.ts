import type { SolutionKey } from '../../domain/ring-key.ts'
import type { ArtifactRecord } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import type { ShownRings } from './shown-rings.ts'

/** A version, and the rings that point to it. */
export interface VersionStanding {
  readonly artifact: ArtifactRecord
  readonly activeIn: readonly string[]
}

/** The versions of a solution, the newest first. Each ring that is shown is named with at most one of all of them. */
export async function viewVersions(
  ports: ControlPorts,
  key: SolutionKey,
  asked: { readonly below: number | undefined; readonly limit: number } & Pick<ShownRings, 'isShown'>,
): Promise<readonly VersionStanding[]> {
  return await ports.store.transaction(key, async tx => {
    const active = new Map<string, string>()
    for (const { key: ring, pointer } of await tx.rings.list(key.repository)) {
      if (ring.solution !== key.solution || pointer.deployment === undefined || !asked.isShown(ring)) continue
      const deployment = await tx.deployments.read(pointer.deployment)
      if (deployment !== undefined) active.set(ring.ring, deployment.digest)
    }
    const versions = await tx.artifacts.versions(key, { below: asked.below, limit: asked.limit })
    return versions.map(artifact => ({
      artifact,
      activeIn: [...active].flatMap(([ring, digest]) => (digest === artifact.digest ? [ring] : [])),
    }))
  })
}
