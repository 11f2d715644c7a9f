import { type DeploymentState, transition } from './deployment.ts'
import {
  activeDeployment,
  type DeploymentRecord,
  type RingHistory,
  rollbackTarget,
  wasProven,
} from './deployment-history.ts'
import type { ReasonCode } from './reason-code.ts'
import type { Sha256Digest } from './units.ts'
import { artifactName, type VersionNumber } from './version.ts'

/** What to roll back. */
export interface RollbackRequest {
  /** The ring's name, for the words. */
  readonly ring: string
  readonly history: RingHistory
  /** The version to restore; absent: the last one that was active and healthy before. */
  readonly to?: { readonly version: VersionNumber | undefined; readonly digest: Sha256Digest } | undefined
}

/** What a rollback will do, or why there is none. */
export type RollbackPlan =
  | {
      readonly kind: 'planned'
      /** What the ring points to now. */
      readonly bad: DeploymentRecord
      /** The deployment whose version and configuration are restored. */
      readonly target: DeploymentRecord
    }
  | { readonly kind: 'refused'; readonly reason: ReasonCode; readonly message: string; readonly remedy: string }

/**
 * Decides a rollback of a ring. Only what was active and healthy in that ring is ever restored: a rollback happens in a hurry, and is no
 * moment to try something.
 */
export function planRollback(request: RollbackRequest): RollbackPlan {
  const { ring, history, to } = request
  const bad = activeDeployment(history)
  if (bad === undefined) {
    return refused('no_rollback_target', {
      message: `Nothing is active in ${ring}, so there is nothing to roll back.`,
      remedy: `Deploy a version to ${ring}.`,
    })
  }
  if (to !== undefined) return planNamed({ ring, history, bad, to })
  const target = rollbackTarget(history, bad)
  if (target !== undefined) return { kind: 'planned', bad, target }
  return refused('no_rollback_target', {
    message: `No version before ${artifactName(bad)} was active and healthy in ${ring}.`,
    remedy: 'Fix it and push: the next version replaces it.',
  })
}

function planNamed(wish: {
  readonly ring: string
  readonly history: RingHistory
  readonly bad: DeploymentRecord
  readonly to: { readonly version: VersionNumber | undefined; readonly digest: Sha256Digest }
}): RollbackPlan {
  const { ring, history, bad, to } = wish
  if (to.digest === bad.digest) {
    return refused('already_active', {
      message: `${ring} points to ${artifactName(to)} already.`,
      remedy: `Name a version that was active in ${ring} before, or none for the last healthy one.`,
    })
  }
  const target = history.findLast(record => record.digest === to.digest && wasProven(history, record))
  if (target !== undefined) return { kind: 'planned', bad, target }
  const tried = history.some(record => record.digest === to.digest)
  return refused('no_rollback_target', {
    message: `${artifactName(to)} ${tried ? 'was in' : 'was never in'} ${ring}${tried ? ', and was rolled back there or never became active' : ''}.`,
    remedy: `Name a version that was active and healthy in ${ring}; to place another one, promote it.`,
  })
}

/** Where the two records of a rollback stand. */
export interface RollbackStates {
  readonly bad: DeploymentState
  readonly restoring: DeploymentState
}

/**
 * The restored deployment becomes active in the same step in which the bad one ends: both next states, to be written together.
 *
 * @throws {RingwayError} `internal_error` unless the bad one is `rolling_back` and the restoring one `validating`
 */
export function completeRollback(states: RollbackStates): RollbackStates {
  return { bad: transition(states.bad, 'restored'), restoring: transition(states.restoring, 'validated') }
}

function refused(reason: ReasonCode, words: { readonly message: string; readonly remedy: string }): RollbackPlan {
  return { kind: 'refused', reason, ...words }
}
