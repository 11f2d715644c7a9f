import { isFinal } from '../../domain/deployment.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { movePointer } from '../../domain/ring-pointer.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { moveDeployment } from './move-deployment.ts'
import { endPromotion } from './move-promotion.ts'

/**
 * Points the ring to a deployment that passed its checks. One step for promotion and rollback: the pointer, what it pointed to before and
 * what is rolled back are saved together.
 *
 * @param ring - locked by this transaction
 * @throws {RingwayError} `pointer_moved` when the ring points to something else than what the deployment was decided over
 */
export async function becomeActive(
  tx: ControlTransaction,
  ring: RingRecord,
  deployment: RingDeployment,
): Promise<RingDeployment> {
  confirmPointer(ring, deployment)
  const name = artifactName(deployment)
  const before = await tx.deployments.read(ring.pointer.deployment)
  // Said on GitHub in this order: between two writes there a ring may have two that are active, of which the newer counts, and never none.
  const active = await moveDeployment(tx, deployment, {
    event: 'validated',
    reason: deployment.task === 'rollback' ? 'rollback' : undefined,
    words: before === undefined ? 'the first here' : `in place of ${artifactName(before)}`,
  })
  if (before?.state === 'active') await moveDeployment(tx, before, { event: 'took_over', words: `by ${name}` })
  const ended = await tx.deployments.read(deployment.ends)
  if (ended !== undefined && !isFinal(ended.state)) await endRolledBack(tx, ended, name)
  const move = movePointer(ring.pointer, { expectedRevision: ring.pointer.revision, to: active.id })
  if (move.kind === 'stale') throw new TypeError('the pointer of a locked ring cannot be stale')
  await tx.rings.point(ring.key, move.pointer)
  if (ring.lifecycle === 'undeployed') await tx.rings.setLifecycle(ring.key, 'active')
  await endPromotion(tx, active)
  await tx.queue.send({ kind: 'onward', tenant: ring.key.tenant, deployment: active.id })
  return active
}

/** @throws {RingwayError} `pointer_moved` */
export function confirmPointer(ring: RingRecord, deployment: RingDeployment): void {
  if (ring.pointer.deployment === deployment.replaces) return
  throw new RingwayError({
    code: 'pointer_moved',
    message: `${ring.key.ring} points to deployment ${ring.pointer.deployment ?? 'none'} now, and not to ${deployment.replaces ?? 'none'}, over which this one was decided.`,
    remedy: 'Promote again if it should still go in.',
  })
}

async function endRolledBack(tx: ControlTransaction, bad: RingDeployment, restored: string): Promise<void> {
  const words = `${bad.words === '' ? '' : `${bad.words}; `}${restored} is active again`
  const event = bad.state === 'rolling_back' ? 'restored' : 'deploy_failed'
  const ended = await moveDeployment(tx, bad, { event, reason: bad.reason, words })
  await endPromotion(tx, ended)
}
