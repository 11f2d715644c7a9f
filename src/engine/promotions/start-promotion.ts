import type { ConfigLayer } from '../../domain/configuration.ts'
import { ringDeed } from '../../domain/effect.ts'
import type { Promotion } from '../../domain/promotion.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { sayDeployment } from '../control/move-deployment.ts'
import { advancePromotion } from '../control/move-promotion.ts'

/** A promotion that may start. */
export interface Start {
  /** Locked by this transaction. */
  readonly ring: RingRecord
  readonly promotion: Promotion
  /** The organisation's configuration layer as it is now: it is kept with the deployment. */
  readonly organisation: ConfigLayer
  /** Of a rollback: our id of the deployment that ends when it succeeds. */
  readonly ends?: number | undefined
}

/**
 * Makes the deployment of an authorised promotion and has it started: its GitHub Deployment is opened and its run dispatched, or the job
 * that waits at our protection rule is let through.
 */
export async function startPromotion(tx: ControlTransaction, start: Start): Promise<RingDeployment> {
  const { ring, promotion, organisation, ends } = start
  const { version, digest, commit } = promotion.candidate
  const draft: Omit<RingDeployment, 'id'> = {
    key: ring.key,
    promotion: promotion.id,
    githubId: promotion.waitingJob,
    version,
    digest,
    commit,
    state: 'queued',
    reason: promotion.task === 'rollback' ? 'rollback' : undefined,
    words: `asked for by @${promotion.requestedBy.login}`,
    task: promotion.task,
    createdAt: tx.now,
    since: tx.now,
    runId: promotion.run,
    organisation,
    checks: [],
    replaces: ring.pointer.deployment,
    ends,
  }
  const deployment: RingDeployment = { ...draft, id: await tx.deployments.add(draft) }
  await advancePromotion(tx, promotion, {
    event: 'dispatched',
    reason: 'ok',
    words: `${artifactName(deployment)} is on its way`,
    also: { deployment: deployment.id },
  })
  if (promotion.waitingJob === undefined) {
    await tx.effects.want([ringDeed(ring.key, { kind: 'open_deployment', deployment: deployment.id })])
    if (promotion.run === undefined) {
      await tx.effects.want([ringDeed(ring.key, { kind: 'dispatch_run', promotion: promotion.id })])
    }
  }
  await sayDeployment(tx, deployment, 'failed')
  if (promotion.waitingJob !== undefined && promotion.run !== undefined) {
    const words = `${artifactName(deployment)} may enter ${ring.key.ring}: every gate passed.`
    const { run } = promotion
    await tx.effects.want([
      ringDeed(ring.key, { kind: 'review_job', run, environment: ring.environment, answer: 'approved', words }),
    ])
  }
  await tx.queue.send({ kind: 'supervise', tenant: ring.key.tenant, deployment: deployment.id })
  return deployment
}
