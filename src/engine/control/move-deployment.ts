import { type DeploymentEvent, type DeploymentState, isFinal, transition } from '../../domain/deployment.ts'
import { ringDeed, show } from '../../domain/effect.ts'
import type { ReasonCode } from '../../domain/reason-code.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import { alertOfStep } from './alert.ts'
import { issueOf } from './issue-of.ts'
import { wakeDependent } from './wake-waiting.ts'

/** One step of a deployment, with what people read about it. */
export interface DeploymentStep {
  readonly event: DeploymentEvent
  readonly words: string
  readonly reason?: ReasonCode | undefined
  /** Whether the answer was no, or could not be had. @default 'failed' */
  readonly kind?: 'failed' | 'errored' | undefined
}

/**
 * Moves a deployment on by one event: the new state, what GitHub shows of it and the event for subscribers are saved together. Whatever
 * waited for its end is looked at again.
 *
 * @throws {RingwayError} `internal_error` when the event has no meaning in its state
 */
export async function moveDeployment(
  tx: ControlTransaction,
  deployment: RingDeployment,
  step: DeploymentStep,
): Promise<RingDeployment> {
  const state = transition(deployment.state, step.event)
  const moved: RingDeployment = {
    ...deployment,
    state,
    reason: step.reason,
    words: step.words,
    since: tx.now,
    ...(state === 'active' ? { activatedAt: tx.now } : {}),
  }
  await tx.deployments.save(moved)
  await sayDeployment(tx, moved, step.kind ?? 'failed')
  if (isFinal(state) || state === 'active') await wakeDependent(tx, moved.key)
  await tellWhereAsked(tx, moved)
  await alertOfStep(tx, moved, step.event)
  return moved
}

/**
 * Where people asked for it they read how it ended. Its pull request is labelled with whether it became active and stayed so; what a newer
 * one replaced had done its work.
 */
async function tellWhereAsked(
  tx: ControlTransaction,
  { key, id, state, promotion: by }: RingDeployment,
): Promise<void> {
  if (forward.includes(state)) return
  const promotion = await tx.promotions.read(by)
  if (promotion === undefined) return
  const issue = issueOf(promotion)
  if (issue !== undefined) await tx.effects.want([show(key, { kind: 'conversation', issue })])
  const outcome = state === 'active' ? 'success' : state === 'failed' || state === 'rolled_back' ? 'failure' : undefined
  const { pullRequest } = promotion
  if (outcome === undefined || pullRequest === undefined) return
  await tx.effects.want([ringDeed(key, { kind: 'label_pull_request', pullRequest, deployment: id, outcome })])
}

/** States that are only passed through when all goes well. */
const forward: readonly DeploymentState[] = ['queued', 'building', 'deploying', 'validating', 'superseded']

/** Says on GitHub and to subscribers where a deployment stands. `failure`: whether the answer was no, or could not be had. */
export async function sayDeployment(
  tx: ControlTransaction,
  deployment: RingDeployment,
  failure: 'failed' | 'errored',
): Promise<void> {
  const { key, id, state, reason, words } = deployment
  await tx.effects.want([
    ringDeed(key, { kind: 'deployment_status', deployment: id, state, failure, reason, words }),
    show(key, { kind: 'commit_status', deployment: id }),
    // On its way, the status and the Deployment say where it stands; the check run is for what people have to know.
    ...(forward.includes(state) ? [] : [show(key, { kind: 'promotion', promotion: deployment.promotion })]),
  ])
  await tx.events.append({
    type: `deployment.${state}`,
    key,
    data: {
      deployment: id,
      version: deployment.version ?? null,
      digest: deployment.digest,
      promotion: deployment.promotion,
      reason: reason ?? null,
      words,
    },
  })
}
