import { ringDeed } from '../../domain/effect.ts'
import { isWaiting, type Promotion } from '../../domain/promotion.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'

/**
 * A job that waits for a promotion that will not come is not left waiting for thirty days.
 *
 * @param turned - `promotion`: as it stood before it ended
 */
export async function turnAway(
  tx: ControlTransaction,
  ring: RingRecord,
  { promotion, words }: { readonly promotion: Promotion; readonly words: string },
): Promise<void> {
  const { run, waitingJob } = promotion
  if (run === undefined || !isWaiting(promotion.state)) return
  const answer = { kind: 'review_job', run, environment: ring.environment, answer: 'rejected', words } as const
  await tx.effects.want([
    waitingJob === undefined ? ringDeed(ring.key, { kind: 'cancel_run', run }) : ringDeed(ring.key, answer),
  ])
}
