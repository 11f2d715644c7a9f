import { autoPromotionHeld, type RingHistory, rolledBackByPerson } from '../deployment-history.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** What set a promotion off: somebody who asked for it, a push that published the version, or its being active in the ring before. */
export type PromotionOrigin = 'person' | 'push' | 'ring_before'

/**
 * Whether a version may move into a ring by itself: after a rollback none does until somebody promotes into it. A push is the fix for a
 * version that did not pass here, and is held by a person's rollback alone.
 */
export function holdGate(
  ring: string,
  facts: { readonly history: RingHistory; readonly origin: PromotionOrigin },
): GateVerdict {
  const { origin, history } = facts
  if (origin === 'person') return passed('hold', 'somebody asked for it')
  if (origin === 'push' ? !rolledBackByPerson(history) : !autoPromotionHeld(history)) {
    return passed('hold', 'versions may move in by themselves')
  }
  return {
    gate: 'hold',
    verdict: 'wait',
    reason: 'held_after_rollback',
    words: `${ring} was rolled back, and nobody has promoted into it since`,
    remedy: `Type \`/promote ${ring}\` when it may go on.`,
  }
}
