import { type DeploymentEvent, type DeploymentState, transition } from '../domain/deployment.ts'
import type { ReasonCode } from '../domain/reason-code.ts'
import { describeStatus, githubStatusFor } from '../domain/status-description.ts'
import type { Deployments } from '../ports/deployments.ts'

/** A deployment on its way through its states, as this run carries it. */
export interface Journey {
  readonly deployment: number
  /** `v42`, or `draft 0123456789ab` */
  readonly artifact: string
  readonly state: DeploymentState
  /** Where the version answers, once the target has said so. */
  readonly url?: string | undefined
}

/** One step of a journey, with what people read about it. */
export interface Step {
  readonly event: DeploymentEvent
  readonly words: string
  readonly reason?: ReasonCode | undefined
  /** Whether the answer was no, or could not be had. @default 'failed' */
  readonly kind?: 'failed' | 'errored' | undefined
}

/** Writes journeys down, each step on GitHub before the next begins. */
export interface JourneyLog {
  readonly deployments: Deployments
  /** Where people read what this run does. */
  readonly runUrl: string
}

/** Moves a deployment on by one event and says so on its GitHub Deployment. */
export async function advance(log: JourneyLog, journey: Journey, step: Step): Promise<Journey> {
  const state = transition(journey.state, step.event)
  const moved = { ...journey, state }
  await report(log, moved, step)
  return moved
}

/** Says again where a deployment stands, with new words. */
export async function report(log: JourneyLog, journey: Journey, step: Omit<Step, 'event'>): Promise<void> {
  await log.deployments.report(journey.deployment, {
    state: githubStatusFor(journey.state, step.kind ?? 'failed'),
    description: describeStatus({
      state: journey.state,
      artifact: journey.artifact,
      reason: step.reason,
      words: step.words,
    }),
    logUrl: log.runUrl,
    environmentUrl: journey.url,
  })
}
