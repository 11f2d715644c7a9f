import { isFinal } from '../../domain/deployment.ts'
import { ringDeed } from '../../domain/effect.ts'
import type { Person, Promotion, PromotionSource } from '../../domain/promotion.ts'
import type { ReasonCode } from '../../domain/reason-code.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RingKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { planRollback } from '../../domain/rollback.ts'
import { durationMs, epochMs, type Sha256Digest } from '../../domain/units.ts'
import { artifactName, type VersionNumber } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { expectNotArchived } from '../control/expect-not-archived.ts'
import { moveDeployment } from '../control/move-deployment.ts'
import { advancePromotion, endPromotion } from '../control/move-promotion.ts'
import { startPromotion } from '../promotions/start-promotion.ts'

/** Who wants a ring back where it was, and why. */
export interface RollbackWish {
  /** Locked by this transaction. */
  readonly ring: RingRecord
  /** The new promotion's id. */
  readonly id: string
  readonly by: Person
  readonly source: PromotionSource
  readonly reason: string | undefined
  /** The version to restore; absent: the last one that was active and healthy before. */
  readonly to?: { readonly version: VersionNumber | undefined; readonly digest: Sha256Digest } | undefined
  /** Why the bad one goes. `rolled_back_by_person`, unless health said so or a person wants it in quarantine. */
  readonly because: ReasonCode
}

/** How long a restoration may wait for its run: it never waits for people. */
const patience = durationMs(24 * 60 * 60_000)

/**
 * Begins a rollback: the bad deployment is rolling back from now on, what was on its way is cancelled, and what ran before is on its way
 * again. No gate is asked: no lock, no freeze and no missing approval stands in its way.
 *
 * @throws {RingwayError} `ring_archived`, `no_rollback_target`, `already_active`, `in_progress` when a rollback of the ring is under way
 */
export async function requestRollback(tx: ControlTransaction, wish: RollbackWish): Promise<Promotion> {
  const { ring } = wish
  expectNotArchived(ring)
  const history = await tx.deployments.history(ring.key)
  const underWay = history.filter(record => !isFinal(record.state) && record.activatedAt === undefined)
  const restoring = underWay.find(record => record.task === 'rollback')
  if (restoring !== undefined) throw inProgress(ring.key, restoring)
  const plan = planRollback({ ring: ring.key.ring, history, to: wish.to })
  if (plan.kind === 'refused') {
    throw new RingwayError({ code: plan.reason, message: plan.message, remedy: plan.remedy })
  }
  const [bad, target] = [byId(history, plan.bad.id), byId(history, plan.target.id)]
  for (const candidate of underWay) await cancel(tx, candidate, wish)
  if (bad.state === 'active') {
    await moveDeployment(tx, bad, { event: 'rollback_ordered', reason: wish.because, words: whyWords(wish) })
  }
  return await restore(tx, { ...wish, target, ends: bad.id })
}

/** A version that is to run again. */
export interface Restoration extends Omit<RollbackWish, 'to' | 'because'> {
  /** The deployment whose version and configuration are restored. */
  readonly target: RingDeployment
  /** Our id of the deployment that ends when it succeeds. */
  readonly ends: number
}

/** Has the version of an earlier deployment placed again, with the configuration that it had. */
export async function restore(tx: ControlTransaction, restoration: Restoration): Promise<Promotion> {
  const { ring, target } = restoration
  const { version, digest, commit } = target
  const promotion: Promotion = {
    id: restoration.id,
    key: ring.key,
    state: 'requested',
    task: 'rollback',
    candidate: { version, digest, commit },
    baseline: undefined,
    requestedBy: restoration.by,
    source: restoration.source,
    reason: restoration.reason,
    // What its commands were given then belongs to what is restored.
    parameters: (await tx.promotions.read(target.promotion))?.parameters ?? {},
    hotfix: false,
    override: undefined,
    pullRequest: undefined,
    requestedAt: tx.now,
    expiresAt: epochMs(tx.now + patience),
    verdicts: [],
    end: undefined,
    supersededBy: undefined,
    deployment: undefined,
    run: restoration.source.kind === 'run' ? restoration.source.run : undefined,
    waitingJob: undefined,
  }
  await tx.promotions.add(promotion)
  const authorised = await advancePromotion(tx, promotion, {
    event: 'passed',
    reason: 'rollback',
    words: 'a rollback passes no gates',
  })
  await startPromotion(tx, {
    ring,
    promotion: authorised,
    organisation: target.organisation,
    ends: restoration.ends,
  })
  return authorised
}

/** What was on its way ends; the restoration rebuilds what it displaced on the target. */
async function cancel(tx: ControlTransaction, candidate: RingDeployment, wish: RollbackWish): Promise<void> {
  const step = { reason: 'cancelled', words: `@${wish.by.login} rolls ${wish.ring.key.ring} back` } as const
  let ended = candidate
  if (ended.state === 'queued') ended = await moveDeployment(tx, ended, { event: 'slot_taken', ...step })
  if (ended.state === 'building') ended = await moveDeployment(tx, ended, { event: 'build_failed', ...step })
  if (ended.state === 'deploying') ended = await moveDeployment(tx, ended, { event: 'deploy_failed', ...step })
  if (ended.state === 'validating') ended = await moveDeployment(tx, ended, { event: 'validation_failed', ...step })
  if (ended.state === 'rolling_back') ended = await moveDeployment(tx, ended, { event: 'restored', ...step })
  if (ended.runId !== undefined) {
    await tx.effects.want([ringDeed(wish.ring.key, { kind: 'cancel_run', run: ended.runId })])
  }
  await endPromotion(tx, ended)
}

function whyWords({ by, reason }: RollbackWish): string {
  return `by @${by.login}${reason === undefined ? '' : `: ${reason}`}`
}

function byId(history: readonly RingDeployment[], id: number): RingDeployment {
  const found = history.find(record => record.id === id)
  if (found === undefined) throw new TypeError(`deployment ${id} is not in the history that it was planned from`)
  return found
}

function inProgress(key: RingKey, restoring: RingDeployment): RingwayError {
  return new RingwayError({
    code: 'in_progress',
    message: `${key.ring} is going back to ${artifactName(restoring)} already.`,
    remedy: 'Wait for its end; `/status` shows it.',
  })
}
