import type { ReasonCode } from './reason-code.ts'
import { RingwayError } from './ringway-error.ts'

/** The nine states of a deployment, in the order in which they are met. */
export const deploymentStates = [
  'queued',
  'building',
  'deploying',
  'validating',
  'active',
  'failed',
  'rolling_back',
  'rolled_back',
  'superseded',
] as const

/** Where a deployment stands. */
export type DeploymentState = (typeof deploymentStates)[number]

/**
 * What can happen to a deployment.
 *
 * - `slot_taken`: a slot became free
 * - `packaged`: the artifact is there and verified
 * - `placed`: the target took it
 * - `validated`: every check passed; it becomes the active one
 * - `build_failed`, `deploy_failed`: it ends without the pointer having moved
 * - `validation_failed`: a check said no, or could not be asked
 * - `rollback_ordered`: a person, or health, wants it gone
 * - `restored`: what ran before runs again
 * - `took_over`: a newer deployment became active
 */
export const deploymentEvents = [
  'slot_taken',
  'packaged',
  'placed',
  'validated',
  'build_failed',
  'deploy_failed',
  'validation_failed',
  'rollback_ordered',
  'restored',
  'took_over',
] as const

/** The name of something that happened to a deployment. */
export type DeploymentEvent = (typeof deploymentEvents)[number]

const transitions: Record<DeploymentState, Partial<Record<DeploymentEvent, DeploymentState>>> = {
  queued: { slot_taken: 'building' },
  building: { packaged: 'deploying', build_failed: 'failed' },
  deploying: { placed: 'validating', deploy_failed: 'failed' },
  validating: { validated: 'active', validation_failed: 'rolling_back' },
  active: { rollback_ordered: 'rolling_back', took_over: 'superseded' },
  rolling_back: { restored: 'rolled_back' },
  failed: {},
  rolled_back: {},
  superseded: {},
}

/** Whether a deployment in this state has ended for ever. */
export function isFinal(state: DeploymentState): boolean {
  return Object.keys(transitions[state]).length === 0
}

/**
 * Moves a deployment on by one event. Pure: the same arguments give the same answer.
 *
 * @throws {RingwayError} `internal_error` when the event has no meaning in that state
 */
export function transition(state: DeploymentState, event: DeploymentEvent): DeploymentState {
  const next = transitions[state][event]
  if (next !== undefined) return next
  throw new RingwayError({
    code: 'internal_error',
    message: `A deployment that is ${state} cannot take the event ${event}.`,
    remedy: 'Please report this with the log of the run.',
    facts: { state, event },
  })
}

/** A state with what a status description says of it. */
export interface DeploymentReport {
  readonly state: DeploymentState
  /** `v42`, or `draft 0123456789ab` */
  readonly artifact: string
  /** Why, where the state alone does not say it; part of the words after the artifact. */
  readonly reason?: ReasonCode | undefined
  readonly words: string
}
