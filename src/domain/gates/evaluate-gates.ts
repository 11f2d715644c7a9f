import type { QuarantineRelease } from '../deployment-history.ts'
import type { GateOverride } from '../promotion.ts'
import type { Ring } from '../ring.ts'
import type { EpochMs, Sha256Digest } from '../units.ts'
import type { VersionNumber } from '../version.ts'
import { type AppFacts, appGates, gatesWithoutApp } from './app-gates.ts'
import { approvalsGate } from './approvals-gate.ts'
import { type CheckFacts, checksGate } from './checks-gate.ts'
import { draftsGate } from './drafts-gate.ts'
import { type GateVerdict, gateNames } from './gate-verdict.ts'
import { overridden } from './override.ts'
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
  /** Whether people had to approve the job on GitHub before it began. With the App its own count of approvals decides. */
  readonly reviewedOnGithub: boolean
  /** What only the App knows; absent where there is none. */
  readonly app?: AppFacts | undefined
  /** Whether an admin called it a hotfix: freezes that except hotfixes let it pass. @default false */
  readonly hotfix?: boolean | undefined
  /** An admin's decision to skip ring order and soak. */
  readonly override?: GateOverride | undefined
  /** Who was let out of quarantine. */
  readonly releases?: readonly QuarantineRelease[] | undefined
}

/** What the gates say together. */
export interface GateDecision {
  /** `refuse` when one fails, else `wait` when one does not pass. */
  readonly decision: 'pass' | 'wait' | 'refuse'
  /** Every gate, whatever the others say, in the order in which people read them. */
  readonly verdicts: readonly GateVerdict[]
}

/** Evaluates every gate of a ring. Pure: a decision can be explained and made again from its facts. */
export function evaluateGates(facts: GateFacts): GateDecision {
  const verdicts = [...commonGates(facts), ...otherGates(facts)]
    .map(verdict => overridden(verdict, facts.override))
    .toSorted((a, b) => gateNames.indexOf(a.gate) - gateNames.indexOf(b.gate))
  const decision = verdicts.some(gate => gate.verdict === 'fail')
    ? 'refuse'
    : verdicts.every(gate => gate.verdict === 'pass')
      ? 'pass'
      : 'wait'
  return { decision, verdicts }
}

/** The gates that GitHub alone has the facts for. */
function commonGates(facts: GateFacts): readonly GateVerdict[] {
  const { ring, candidate, now, rings, app } = facts
  const source = {
    ring,
    digest: candidate.digest,
    source: rings.find(({ ring: name }) => name === ring.after)?.history,
  }
  const kept = app === undefined ? undefined : { ...app.approvals, requester: app.requester }
  return [
    draftsGate(ring, candidate.version),
    ringOrderGate(source),
    quarantineGate(candidate.digest, rings, facts.releases),
    soakGate(source, now),
    checksGate(ring.gates, facts.checks),
    windowsGate(ring.gates.windows, now, facts.hotfix),
    approvalsGate(ring.gates.approvals, { reviewedOnGithub: facts.reviewedOnGithub, kept }, now),
  ]
}

function otherGates({ ring, app, now, rings }: GateFacts): readonly GateVerdict[] {
  if (app === undefined) return gatesWithoutApp(ring)
  const history = rings.find(({ ring: name }) => name === ring.name)?.history ?? []
  return appGates({ ring, app, now, history })
}
