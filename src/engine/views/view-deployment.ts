import type { Promotion } from '../../domain/promotion.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { ArtifactRecord, StoredEvent } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'

/** A deployment with who asked for it. */
export interface AskedDeployment {
  readonly deployment: RingDeployment
  readonly promotion: Promotion | undefined
}

/** Everything that is known of one deployment. */
export interface DeploymentView extends AskedDeployment {
  /** What happened to it, in order. */
  readonly events: readonly StoredEvent[]
  /** Whether its ring points to it. */
  readonly isActive: boolean
  readonly artifact: ArtifactRecord | undefined
}

/** More than any deployment has: nine states, and a few alerts. */
const mostEvents = 200

/** One deployment of a repository; undefined when there is none with this id. */
export async function viewDeployment(
  ports: ControlPorts,
  key: RepositoryKey,
  id: number,
): Promise<DeploymentView | undefined> {
  const { repository } = key
  return await ports.store.transaction(key, async tx => {
    const deployment = await tx.deployments.read(id)
    if (deployment?.key.repository !== repository) return undefined
    return {
      deployment,
      promotion: await tx.promotions.read(deployment.promotion),
      events: await tx.events.list({ repository, deployment: id, limit: mostEvents }),
      isActive: (await tx.rings.read(deployment.key))?.pointer.deployment === id,
      artifact: await tx.artifacts.read(deployment.key, deployment.digest),
    }
  })
}

/** What happened in a ring, the newest first. */
export async function viewHistory(
  ports: ControlPorts,
  key: RingKey,
  page: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly AskedDeployment[]> {
  return await ports.store.transaction(key, async tx => {
    const found: AskedDeployment[] = []
    for (const deployment of await tx.deployments.list(key, page)) {
      found.push({ deployment, promotion: await tx.promotions.read(deployment.promotion) })
    }
    return found
  })
}

/** The answer for what is not in the repository that was asked about. */
export function noDeployment(id: number): RingwayError {
  return new RingwayError({
    code: 'not_found',
    message: `The repository has no deployment ${id}.`,
    remedy: 'Look at the history of its rings.',
  })
}
