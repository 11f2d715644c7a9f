import type { RingGates } from '../ring.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/**
 * Whether the ring has a budget where one is asked for.
 *
 * @param budget - in words, as `200 USD a month`; undefined: none is set
 */
export function budgetGate(rule: RingGates['budget'], budget: string | undefined): GateVerdict {
  if (budget !== undefined) return passed('budget', budget)
  if (rule === 'none') return passed('budget', 'none asked for')
  return {
    gate: 'budget',
    verdict: 'fail',
    reason: 'budget_missing',
    words: 'the ring has no budget',
    remedy: 'Write `budget` in the ring, or remove `gates.budget`.',
  }
}
