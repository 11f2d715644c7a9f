import type { GateDecision } from './gates/evaluate-gates.ts'
import type { GateVerdict } from './gates/gate-verdict.ts'
import { isWaiting, type Promotion } from './promotion.ts'
import type { EpochMs } from './units.ts'

/** What a decision about a ring looks at. */
export interface RingSituation {
  readonly now: EpochMs
  /** Promotions into the ring that have not ended, the oldest request first. */
  readonly promotions: readonly Promotion[]
  /** What the gates say of the newest one that waits; absent when none waits, or when it has expired. */
  readonly gates: GateDecision | undefined
  /** Whether the newest one could start: no deployment of the ring is under way, a slot is free, and its job waits if a rule holds it. */
  readonly room: boolean
}

/** One thing to be done about a promotion. */
export type RingStep =
  /** A newer candidate takes the place of one that waits. */
  | { readonly kind: 'supersede'; readonly promotion: Promotion; readonly by: Promotion }
  | { readonly kind: 'expire'; readonly promotion: Promotion }
  | { readonly kind: 'refuse'; readonly promotion: Promotion; readonly verdicts: readonly GateVerdict[] }
  | { readonly kind: 'hold'; readonly promotion: Promotion; readonly verdicts: readonly GateVerdict[] }
  | { readonly kind: 'authorise'; readonly promotion: Promotion; readonly verdicts: readonly GateVerdict[] }
  /** Its deployment is opened and its run is started, or let through. */
  | { readonly kind: 'start'; readonly promotion: Promotion }

/** What to do about a ring now, and when to look again though nothing happens. */
export interface RingDecision {
  readonly steps: readonly RingStep[]
  readonly wakeAt: EpochMs | undefined
}

/** The promotion that gates are asked about: of those that wait, the newest. */
export function newestWaiting(promotions: readonly Promotion[]): Promotion | undefined {
  return promotions.findLast(({ state }) => isWaiting(state))
}

/**
 * Decides what happens to the promotions of a ring. Pure: the same situation gives the same decision, so it can be explained and made
 * again. One promotion is in progress at a time; of those that wait, the newest takes the place of the others.
 */
export function decideRing(situation: RingSituation): RingDecision {
  const newest = newestWaiting(situation.promotions)
  if (newest === undefined) return { steps: [], wakeAt: undefined }
  const overtaken: readonly RingStep[] = situation.promotions
    .filter(promotion => isWaiting(promotion.state) && promotion.id !== newest.id)
    .map(promotion => ({ kind: 'supersede', promotion, by: newest }))
  const own = decideNewest(newest, situation)
  return { ...own, steps: [...overtaken, ...own.steps] }
}

function decideNewest(promotion: Promotion, { now, gates, room }: RingSituation): RingDecision {
  if (promotion.expiresAt <= now) return { steps: [{ kind: 'expire', promotion }], wakeAt: undefined }
  if (gates === undefined) return { steps: [], wakeAt: promotion.expiresAt }
  const { verdicts } = gates
  if (gates.decision === 'refuse') return { steps: [{ kind: 'refuse', promotion, verdicts }], wakeAt: undefined }
  if (gates.decision === 'wait') {
    return { steps: [{ kind: 'hold', promotion, verdicts }], wakeAt: nextLook(promotion, verdicts, now) }
  }
  const authorise: RingStep = { kind: 'authorise', promotion, verdicts }
  if (!room) return { steps: [authorise], wakeAt: promotion.expiresAt }
  return { steps: [authorise, { kind: 'start', promotion }], wakeAt: undefined }
}

/** The next instant at which something may have changed by itself. */
function nextLook(promotion: Promotion, verdicts: readonly GateVerdict[], now: EpochMs): EpochMs {
  const changes = verdicts.flatMap(({ until }) => (until === undefined || until <= now ? [] : [until]))
  return changes.reduce((earliest, at) => (at < earliest ? at : earliest), promotion.expiresAt)
}
