import type { Effect } from '../../domain/effect.ts'
import { isWaiting } from '../../domain/promotion.ts'
import type { RingwayError } from '../../domain/ringway-error.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import { endDeployment } from '../control/end-deployment.ts'
import { advancePromotion } from '../control/move-promotion.ts'

/** What GitHub gave for a deed: ids. */
export type Receipt = Readonly<Record<string, string | number>>

/** Keeps what GitHub gave where it belongs. */
export async function takeReceipt(tx: ControlTransaction, effect: Effect, receipt: Receipt): Promise<void> {
  if (effect.type !== 'deed') return
  const { deed } = effect
  if (deed.kind === 'open_deployment') {
    const deployment = await tx.deployments.read(deed.deployment)
    const githubId = receipt['deployment']
    if (deployment !== undefined && typeof githubId === 'number') await tx.deployments.save({ ...deployment, githubId })
  }
  if (deed.kind === 'dispatch_run') {
    const run = receipt['run']
    if (typeof run === 'number') await keepRun(tx, deed.promotion, run)
  }
}

async function keepRun(tx: ControlTransaction, id: string, run: number): Promise<void> {
  const promotion = await tx.promotions.read(id)
  if (promotion === undefined) return
  // The run may have asked for its work before its id was known here.
  if (promotion.run === undefined) await tx.promotions.save({ ...promotion, run })
  const deployment = await tx.deployments.read(promotion.deployment)
  if (deployment !== undefined && deployment.runId === undefined) {
    await tx.deployments.save({ ...deployment, runId: run })
  }
}

/** GitHub said no for good: what depended on the deed ends, and says why. */
export async function takeRefusal(tx: ControlTransaction, effect: Effect, error: RingwayError): Promise<void> {
  if (effect.type !== 'deed') return
  const { deed } = effect
  if (deed.kind === 'open_deployment') await failUnstarted(tx, deed.deployment, error)
  if (deed.kind === 'dispatch_run') {
    const promotion = await tx.promotions.read(deed.promotion)
    if (promotion?.deployment !== undefined) await failUnstarted(tx, promotion.deployment, error)
    else if (promotion !== undefined && isWaiting(promotion.state)) {
      await advancePromotion(tx, promotion, { event: 'refused', reason: error.code, words: words(error) })
    }
  }
}

async function failUnstarted(tx: ControlTransaction, id: number, error: RingwayError): Promise<void> {
  const deployment = await tx.deployments.read(id)
  if (deployment === undefined) return
  const step = { reason: error.code, words: words(error), kind: 'errored' } as const
  if (deployment.state === 'queued' || deployment.state === 'building') await endDeployment(tx, deployment, step)
}

function words(error: RingwayError): string {
  return `${error.message} ${error.remedy}`
}
