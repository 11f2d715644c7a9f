import type { DeploymentEvent } from '../../domain/deployment.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'

/**
 * What subscribers are told when somebody should look.
 *
 * - `deployment_failed`: it was not built or not deployed; the ring points to what it pointed to
 * - `deployment_invalid`: a check of it failed, or could not be asked, and what ran before is brought back
 * - `slow_rollout`: it has been on its way for longer than the ring expects
 * - `restore_failed`: what ran before could not be brought back; it is tried again by itself
 * - `restore_given_up`: it is not tried again by itself
 * - `rollback_held`: it should be rolled back, and the cool-down of an earlier automatic rollback has not ended
 */
export type DeploymentAlert =
  | 'deployment_failed'
  | 'deployment_invalid'
  | 'slow_rollout'
  | 'restore_failed'
  | 'restore_given_up'
  | 'rollback_held'

/** Tells subscribers that somebody should look at a deployment. */
export async function alert(
  tx: ControlTransaction,
  deployment: Pick<RingDeployment, 'key' | 'id' | 'version' | 'digest' | 'state'>,
  told: { readonly type: DeploymentAlert; readonly words: string; readonly restoration?: number | undefined },
): Promise<void> {
  const { key, id, version, digest, state } = deployment
  const { type, words, restoration } = told
  const data = { deployment: id, version: version ?? null, digest, state, words }
  const more = restoration === undefined ? {} : { restoration }
  await tx.events.append({ type: `alert.${type}`, key, data: { ...data, ...more } })
}

/** Tells it unless it was told of the same deployment before: whoever looks again and again is no news. */
export async function alertOnce(
  tx: ControlTransaction,
  deployment: Parameters<typeof alert>[1],
  told: Parameters<typeof alert>[2],
): Promise<void> {
  const { repository } = deployment.key
  const query = { repository, type: `alert.${told.type}`, deployment: deployment.id, limit: 1 }
  if ((await tx.events.list(query)).length === 0) await alert(tx, deployment, told)
}

/** Tells of a step that nobody wanted. What people cancelled is no news to them. */
export async function alertOfStep(
  tx: ControlTransaction,
  deployment: RingDeployment,
  event: DeploymentEvent,
): Promise<void> {
  const type = alertOf[event]
  const { words } = deployment
  if (type === undefined || deployment.reason === 'cancelled') return
  if (deployment.task === 'deploy') return await alertOnce(tx, deployment, { type, words })
  // What could not be restored matters for what is still there.
  const bad = await tx.deployments.read(deployment.ends)
  await alert(tx, bad ?? deployment, { type: 'restore_failed', words, restoration: deployment.id })
}

const alertOf: Readonly<Partial<Record<DeploymentEvent, DeploymentAlert>>> = {
  build_failed: 'deployment_failed',
  deploy_failed: 'deployment_failed',
  validation_failed: 'deployment_invalid',
}
