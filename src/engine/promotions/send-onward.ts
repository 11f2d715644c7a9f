import type { Ring } from '../../domain/ring.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { nextRings } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { rememberPolicy, ringOf } from '../control/read-policy.ts'
import { requestPromotion } from './request-promotion.ts'

/** Requests the promotion of a version that became active into the rings that take it by themselves. What was restored goes nowhere. */
export async function sendOnward(
  ports: ControlPorts,
  { tenant, deployment: id }: { readonly tenant: number; readonly deployment: number },
): Promise<void> {
  const deployment = await ports.store.transaction({ tenant }, tx => tx.deployments.read(id))
  if (deployment === undefined || deployment.task === 'rollback' || deployment.state !== 'active') return
  const { ringFile } = await rememberPolicy(ports, deployment.key)
  const { solution, ring } = ringOf(ringFile, deployment.key)
  for (const next of nextRings(solution, ring).filter(({ promote }) => promote === 'auto')) {
    await ports.store.transaction({ tenant }, tx => request(ports, tx, { deployment, next }))
  }
}

async function request(
  ports: ControlPorts,
  tx: ControlTransaction,
  { deployment, next }: { readonly deployment: RingDeployment; readonly next: Ring },
): Promise<void> {
  const ring = await tx.rings.lock({ ...deployment.key, ring: next.name }, next.environment)
  const artifact = await tx.artifacts.read(deployment.key, deployment.digest)
  const before = await tx.promotions.read(deployment.promotion)
  if (artifact === undefined) return
  // This work may be done twice; the ring is asked for a version once per deployment that sends it on.
  const earlier = await tx.promotions.find({ ...ring.key, limit: 20 })
  const isKnown = earlier.some(
    one => one.candidate.digest === artifact.digest && one.requestedAt >= (deployment.activatedAt ?? 0),
  )
  if (isKnown) return
  try {
    await requestPromotion(tx, {
      id: ports.newId(),
      ring,
      policy: next,
      artifact,
      by: before?.requestedBy ?? ports.self,
      source: { kind: 'automatic', after: 'ring_before' },
      pullRequest: before?.pullRequest,
    })
  } catch (error) {
    // The version is where it is, whatever the next ring says.
    if (!(error instanceof RingwayError)) throw error
  }
}
