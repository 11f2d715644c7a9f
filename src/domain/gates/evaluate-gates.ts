import type { QuarantineRelease } from '../deployment-history.ts'
import type { Ring } from '../ring.ts'
import type { EpochMs, Sha256Digest } from '../units.ts'
import type { VersionNumber } from '../version.ts'
import { type ApprovalFacts, approvalsGate } from './approvals-gate.ts'
import { type CheckFacts, checksGate } from './checks-gate.ts'
import { draftsGate } from './drafts-gate.ts'
import type { GateVerdict } from './gate-verdict.ts'
import { quarantineGate, type RingFacts } from './quarantine-gate.ts'
import { ringOrderGate } from './ring-order-gate.ts'
import { soakGate } from './soak-gate.ts'
import { windowsGate } from './windows-gate.ts'

/** Everything that the gates of a ring look at. */
export interface GateFacts {
  readonly ring: Ring
  readonly candidate: { readonly version: VersionNumber | undefined; readonly digest: Sha256Digest }
  readonly now: EpochMs
  /** This ring first, then the earlier ones, the nearest first. */
  readonly rings: readonly RingFacts[]
  /** Absent where the ring asks for no checks. */
  readonly checks: CheckFacts | undefined
  readonly approvals: ApprovalFacts
  /** Whether an admin called it a hotfix: freezes that except hotfixes let it pass. @default false */
  readonly hotfix?: boolean | undefined
  /** Who was let out of quarantine. */
  readonly releases?: readonly QuarantineRelease[] | undefined
}

/** What the gates say together. */
export interface GateDecision {
  /** `refuse` when one fails, else `wait` when one does not pass. */
  readonly decision: 'pass' | 'wait' | 'refuse'
  /** Every gate, whatever the others say. */
  readonly verdicts: readonly GateVerdict[]
}

/** Evaluates every gate of a ring. Pure: a decision can be explained and made again from its facts. */
export function evaluateGates(facts: GateFacts): GateDecision {
  const { ring, candidate, now, rings } = facts
  const source = {
    ring,
    digest: candidate.digest,
    source: rings.find(({ ring: name }) => name === ring.after)?.history,
  }
  const verdicts = [
    draftsGate(ring, candidate.version),
    ringOrderGate(source),
    quarantineGate(candidate.digest, rings, facts.releases),
    soakGate(source, now),
    checksGate(ring.gates.checks, facts.checks),
    windowsGate(ring.gates.windows, now, facts.hotfix),
    approvalsGate(ring.gates.approvals, facts.approvals),
  ]
  const decision = verdicts.some(gate => gate.verdict === 'fail')
    ? 'refuse'
    : verdicts.every(gate => gate.verdict === 'pass')
      ? 'pass'
      : 'wait'
  return { decision, verdicts }
}
