import type { GateVerdict } from './gates/gate-verdict.ts'
import type { ReasonCode } from './reason-code.ts'
import type { RingKey } from './ring-key.ts'
import { RingwayError } from './ringway-error.ts'
import type { CommitSha, EpochMs, Sha256Digest } from './units.ts'
import type { VersionNumber } from './version.ts'

/** The states of a promotion, in the order in which they are met. */
export const promotionStates = [
  'requested',
  'gated',
  'authorised',
  'dispatched',
  'done',
  'refused',
  'superseded',
  'expired',
] as const

/** Where a promotion stands. */
export type PromotionState = (typeof promotionStates)[number]

/**
 * What can happen to a promotion.
 *
 * - `held`: a gate does not let it pass yet, or no longer
 * - `passed`: every gate passes
 * - `dispatched`: its deployment is on its way
 * - `ended`: its deployment came to its end
 * - `refused`: a gate or a person said no
 * - `overtaken`: a newer candidate was requested
 * - `expired`: it waited too long
 */
const promotionEvents = ['held', 'passed', 'dispatched', 'ended', 'refused', 'overtaken', 'expired'] as const

/** The name of something that happened to a promotion. */
export type PromotionEvent = (typeof promotionEvents)[number]

const ends = { refused: 'refused', overtaken: 'superseded', expired: 'expired' } as const

const transitions: Record<PromotionState, Partial<Record<PromotionEvent, PromotionState>>> = {
  requested: { held: 'gated', passed: 'authorised', ...ends },
  gated: { passed: 'authorised', ...ends },
  // What was asked when it passed is asked again at the last moment, and may hold it again.
  authorised: { held: 'gated', dispatched: 'dispatched', ...ends },
  dispatched: { ended: 'done' },
  done: {},
  refused: {},
  superseded: {},
  expired: {},
}

/** Whether a promotion in this state has ended for ever. */
export function isPromotionFinal(state: PromotionState): boolean {
  return Object.keys(transitions[state]).length === 0
}

/** Whether a promotion in this state still waits to enter its ring. */
export function isWaiting(state: PromotionState): boolean {
  return state === 'requested' || state === 'gated' || state === 'authorised'
}

/**
 * Moves a promotion on by one event. Pure: the same arguments give the same answer.
 *
 * @throws {RingwayError} `internal_error` when the event has no meaning in that state
 */
export function movePromotion(state: PromotionState, event: PromotionEvent): PromotionState {
  const next = transitions[state][event]
  if (next !== undefined) return next
  throw new RingwayError({
    code: 'internal_error',
    message: `A promotion that is ${state} cannot take the event ${event}.`,
    remedy: 'Please report this with the log of the App.',
    facts: { state, event },
  })
}

/** A person, or an App, on GitHub. Logins are given away again; the id is who it is. */
export interface Person {
  readonly id: number
  readonly login: string
}

/** Where a promotion was asked for. */
export type PromotionSource =
  /** A comment or a check run's button; `issue`: the pull request or issue whose sticky comment answers. */
  | { readonly kind: 'comment'; readonly issue: number; readonly comment: number }
  | { readonly kind: 'button'; readonly checkRun: number; readonly issue: number | undefined }
  | { readonly kind: 'api' }
  /** A run that somebody started by hand on GitHub, and that may be. */
  | { readonly kind: 'run'; readonly run: number }
  /** A version was published, or became active in the ring before; or a deployment has to be put back. */
  | { readonly kind: 'automatic'; readonly after: 'build' | 'ring_before' | 'lost_run' | 'failed_restore' }

/** An admin's decision that gates need not pass. It stands in the audit log. */
export interface GateOverride {
  readonly by: Person
  readonly reason: string
}

/** The request to place a version in a ring; for a rollback, to place again what was active and healthy before. */
export interface Promotion {
  /** Short and safe in URLs and file names. */
  readonly id: string
  readonly key: RingKey
  readonly state: PromotionState
  /** A rollback passes no gates and waits for nobody. */
  readonly task: 'deploy' | 'rollback'
  readonly candidate: {
    /** Absent for a draft. */
    readonly version: VersionNumber | undefined
    readonly digest: Sha256Digest
    readonly commit: CommitSha
  }
  /** What the ring pointed to when it was requested; absent: nothing. */
  readonly baseline: Sha256Digest | undefined
  readonly requestedBy: Person
  readonly source: PromotionSource
  /** Free words of whoever asked. */
  readonly reason: string | undefined
  /** Free `key=value` facts that the deployment's payload carries. */
  readonly parameters: Readonly<Record<string, string>>
  /** Whether freezes that except hotfixes let it pass. */
  readonly hotfix: boolean
  /** Ring order and soak are passed over. */
  readonly override: GateOverride | undefined
  /** The pull request that the candidate belongs to. */
  readonly pullRequest: number | undefined
  readonly requestedAt: EpochMs
  readonly expiresAt: EpochMs
  /** What the gates said last. */
  readonly verdicts: readonly GateVerdict[]
  /** Why it ended, or what holds it. */
  readonly end: { readonly reason: ReasonCode; readonly words: string } | undefined
  /** The promotion that took its place. */
  readonly supersededBy: string | undefined
  /** Our id of its deployment, once there is one. */
  readonly deployment: number | undefined
  /** The run that was started for it. */
  readonly run: number | undefined
  /** GitHub's id of the Deployment whose job waits at our protection rule. */
  readonly waitingJob: number | undefined
}

/** Whether nobody asked for it by hand. */
export function isAutomatic(promotion: Pick<Promotion, 'source'>): boolean {
  return promotion.source.kind === 'automatic'
}
