import type { GateOverride } from '../promotion.ts'
import type { GateName, GateVerdict } from './gate-verdict.ts'

/** What an admin may skip: the way that a version takes. What protects from bad versions or unfit ones nobody may. */
const skippable: readonly GateName[] = ['ring_order', 'soak']

/** The verdict, or where an admin skipped a gate that does not pass: that it was skipped, by whom and why. */
export function overridden(verdict: GateVerdict, override: GateOverride | undefined): GateVerdict {
  if (override === undefined || verdict.verdict === 'pass' || !skippable.includes(verdict.gate)) return verdict
  const words = `skipped by @${override.by.login}: ${override.reason}`
  return { gate: verdict.gate, verdict: 'pass', reason: 'overridden', words }
}
