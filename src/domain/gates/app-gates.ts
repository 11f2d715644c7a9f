import type { RingHistory } from '../deployment-history.ts'
import type { Person } from '../promotion.ts'
import type { Ring } from '../ring.ts'
import type { RingLock } from '../ring-lock.ts'
import type { EpochMs } from '../units.ts'
import type { KeptApprovals } from './approvals-gate.ts'
import { budgetGate } from './budget-gate.ts'
import { compatibilityGate, type InterfaceFacts } from './compatibility-gate.ts'
import { type ConfigurationFacts, configurationGate } from './configuration-gate.ts'
import type { GateName, GateVerdict } from './gate-verdict.ts'
import { holdGate, type PromotionOrigin } from './hold-gate.ts'
import { lockGate } from './lock-gate.ts'
import { asksAnything, type PullRequestReading, reviewGate } from './review-gate.ts'
import { type RollbackReadiness, rollbackReadyGate } from './rollback-ready-gate.ts'
import { type SubAgentFact, subAgentsGate } from './sub-agents-gate.ts'

/** What only the App knows of a promotion. Nothing is optional, so that no gate passes because somebody forgot to ask. */
export interface AppFacts {
  readonly requester: Person
  /** What set it off; where nobody asked by hand, {@link AppFacts.requester} is whoever pushed or promoted before. */
  readonly origin: PromotionOrigin
  readonly approvals: Omit<KeptApprovals, 'requester'>
  /** The locks of the ring and of the whole repository. */
  readonly locks: readonly RingLock[]
  readonly pullRequest: PullRequestReading
  readonly interfaces: InterfaceFacts
  readonly configuration: ConfigurationFacts
  /** Undefined when the candidate could not be read. */
  readonly subAgents: readonly SubAgentFact[] | undefined
  readonly rollback: RollbackReadiness
  /** The ring's budget in words; undefined: it has none. */
  readonly budget: string | undefined
}

/** The gates whose facts only the App has. */
export function appGates(subject: {
  readonly ring: Ring
  readonly app: AppFacts
  readonly now: EpochMs
  /** Of this ring. */
  readonly history: RingHistory
}): readonly GateVerdict[] {
  const { ring, app, now, history } = subject
  const { gates } = ring
  return [
    holdGate(ring.name, { history, origin: app.origin }),
    reviewGate(gates.pullRequest, app.pullRequest),
    compatibilityGate(gates.compatibility, app.interfaces),
    configurationGate(app.configuration),
    subAgentsGate(app.subAgents),
    rollbackReadyGate(gates.rollbackReady, app.rollback),
    budgetGate(gates.budget, app.budget),
    // A lock keeps out what moves by itself, whoever set it off.
    lockGate({ locks: app.locks, requester: app.origin === 'person' ? app.requester : undefined }, now),
  ]
}

/** Without the App, the gates among them that the ring file asks for: nobody can know what they need, so they refuse. */
export function gatesWithoutApp({ gates }: Ring): readonly GateVerdict[] {
  const asked: readonly (readonly [GateName, string, boolean])[] = [
    ['review', 'something of the pull request', asksAnything(gates.pullRequest)],
    ['compatibility', 'compatible interfaces', gates.compatibility === 'block'],
    ['rollback_ready', 'a proven rollback target', gates.rollbackReady === 'required'],
    ['budget', 'a budget', gates.budget === 'required'],
  ]
  return asked.flatMap(([gate, what, isAsked]) => (isAsked ? [appRequired(gate, what)] : []))
}

function appRequired(gate: GateName, what: string): GateVerdict {
  return {
    gate,
    verdict: 'fail',
    reason: 'app_required',
    words: `the ring asks for ${what}, and only the App can know it`,
    remedy: 'Install the App and set `app-url`, or take the rule out of the ring file.',
  }
}
