import type { DeploymentEvent } from '../../domain/deployment.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { epochMs } from '../../domain/units.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import { type DeploymentStep, moveDeployment } from './move-deployment.ts'
import { endPromotion } from './move-promotion.ts'

/** Milliseconds before another attempt follows a restoration that ended without having restored. */
const pause = 5_000

/**
 * Ends a deployment of which nothing stands on the target, or nothing any more, and its promotion. What a restoration was to replace is still there: it
 * is looked at again, and another attempt follows.
 */
export async function endDeployment(
  tx: ControlTransaction,
  deployment: RingDeployment,
  step: Omit<DeploymentStep, 'event'>,
): Promise<RingDeployment> {
  const begun =
    deployment.state === 'queued' ? await moveDeployment(tx, deployment, { event: 'slot_taken', ...step }) : deployment
  const ended = await moveDeployment(tx, begun, { event: endOf(begun), ...step })
  await endPromotion(tx, ended)
  const { key, task, ends } = ended
  if (task === 'rollback' && ends !== undefined) {
    await tx.queue.send({ kind: 'supervise', tenant: key.tenant, deployment: ends }, epochMs(tx.now + pause))
  }
  return ended
}

function endOf({ state }: RingDeployment): DeploymentEvent {
  if (state === 'building') return 'build_failed'
  return state === 'rolling_back' ? 'restored' : 'deploy_failed'
}
