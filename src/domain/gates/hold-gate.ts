import { autoPromotionHeld, type RingHistory } from '../deployment-history.ts'
import type { GateVerdict } from './gate-verdict.ts'

/** Whether a version may move into a ring by itself: after a rollback none does until somebody promotes into it. */
export function holdGate(
  ring: string,
  facts: { readonly history: RingHistory; readonly automatic: boolean },
): GateVerdict {
  if (!facts.automatic) return { gate: 'hold', verdict: 'pass', reason: 'ok', words: 'somebody asked for it' }
  if (!autoPromotionHeld(facts.history)) {
    return { gate: 'hold', verdict: 'pass', reason: 'ok', words: 'versions may move in by themselves' }
  }
  return {
    gate: 'hold',
    verdict: 'wait',
    reason: 'held_after_rollback',
    words: `${ring} was rolled back, and nobody has promoted into it since`,
    remedy: `Type \`/promote ${ring}\` when it may go on.`,
  }
}
