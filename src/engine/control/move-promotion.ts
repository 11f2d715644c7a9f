import { show } from '../../domain/effect.ts'
import { movePromotion, type Promotion, type PromotionEvent } from '../../domain/promotion.ts'
import type { ReasonCode } from '../../domain/reason-code.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import { issueOf } from './issue-of.ts'

/** One step of a promotion. */
export interface PromotionStep {
  readonly event: PromotionEvent
  readonly reason: ReasonCode
  readonly words: string
  /** What changes besides the state. */
  readonly also?: Partial<Pick<Promotion, 'verdicts' | 'supersededBy' | 'deployment'>> | undefined
}

/**
 * Moves a promotion on by one event: the new state, what GitHub shows of it and the event for subscribers are saved together.
 *
 * @throws {RingwayError} `internal_error` when the event has no meaning in its state
 */
export async function advancePromotion(
  tx: ControlTransaction,
  promotion: Promotion,
  step: PromotionStep,
): Promise<Promotion> {
  const moved: Promotion = {
    ...promotion,
    ...step.also,
    state: movePromotion(promotion.state, step.event),
    end: { reason: step.reason, words: step.words },
  }
  await tx.promotions.save(moved)
  await sayPromotion(tx, moved)
  await tx.events.append({
    type: `promotion.${moved.state}`,
    key: moved.key,
    data: {
      promotion: moved.id,
      version: moved.candidate.version ?? null,
      digest: moved.candidate.digest,
      reason: step.reason,
      words: step.words,
    },
  })
  return moved
}

/** Has what GitHub shows of a promotion brought up to date. */
export async function sayPromotion(tx: ControlTransaction, promotion: Promotion): Promise<void> {
  const issue = issueOf(promotion)
  await tx.effects.want([
    show(promotion.key, { kind: 'promotion', promotion: promotion.id }),
    ...(issue === undefined ? [] : [show(promotion.key, { kind: 'conversation', issue })]),
  ])
}

/** Ends the promotion of a deployment that came to its end, or became active. */
export async function endPromotion(tx: ControlTransaction, deployment: RingDeployment): Promise<void> {
  const promotion = await tx.promotions.read(deployment.promotion)
  if (promotion?.state !== 'dispatched') return
  const { state, reason } = deployment
  await advancePromotion(tx, promotion, {
    event: 'ended',
    reason: state === 'active' ? 'ok' : (reason ?? 'internal_error'),
    words: `${artifactName(deployment)} is ${state.replaceAll('_', ' ')}`,
  })
}
