import { type DeploymentEvent, type DeploymentState, transition } from '../domain/deployment.ts'
import type { ReasonCode } from '../domain/reason-code.ts'
import { describeStatus, githubStatusFor } from '../domain/status-description.ts'
import type { Deployments } from '../ports/deployments.ts'

/** One step of a deployment, with what people read about it. */
export interface Step {
  readonly event: DeploymentEvent
  readonly words: string
  readonly reason?: ReasonCode | undefined
  /** Whether the answer was no, or could not be had. @default 'failed' */
  readonly kind?: 'failed' | 'errored' | undefined
}

/** A deployment that this run carries through its states; each step stands on GitHub before the next begins. */
export interface Journey {
  /** The id of the GitHub Deployment. */
  readonly deployment: number
  /** `v42`, or `draft 0123456789ab` */
  readonly artifact: string
  readonly state: DeploymentState
  /** Where the version answers, once the target has said so. */
  readonly url: string | undefined
  /** Every state that this run wrote, in order. */
  readonly walked: readonly DeploymentState[]

  /** Moves on by one event. */
  advance(step: Step): Promise<void>
  /** Moves on only when the deployment has not been there yet: a run that goes on where an earlier one broke off repeats no step. */
  reach(state: DeploymentState, step: Step): Promise<void>
  /** Says again where the deployment stands, with other words. */
  say(words: Omit<Step, 'event'>): Promise<void>
  /** Remembers where the version answers. */
  answersAt(url: string | undefined): void
}

/** Where a journey starts. */
export interface JourneyStart {
  readonly deployment: number
  readonly artifact: string
  readonly state: DeploymentState
  readonly url?: string | undefined
  /** Where people read what this run does. */
  readonly runUrl: string
}

const forward: readonly DeploymentState[] = ['queued', 'building', 'deploying', 'validating', 'active']

/** Takes up a deployment in the state it is in. */
export function takeUp(deployments: Deployments, start: JourneyStart): Journey {
  let { state, url } = start
  const walked: DeploymentState[] = []

  const say = async (step: Omit<Step, 'event'>): Promise<void> => {
    await deployments.report(start.deployment, {
      state: githubStatusFor(state, step.kind ?? 'failed'),
      description: describeStatus({ state, artifact: start.artifact, reason: step.reason, words: step.words }),
      logUrl: start.runUrl,
      environmentUrl: url,
    })
  }
  const advance = async (step: Step): Promise<void> => {
    state = transition(state, step.event)
    walked.push(state)
    await say(step)
  }

  return {
    deployment: start.deployment,
    artifact: start.artifact,
    get state() {
      return state
    },
    get url() {
      return url
    },
    walked,
    advance,
    say,
    async reach(goal, step) {
      if (forward.indexOf(state) < forward.indexOf(goal)) await advance(step)
    },
    answersAt(address) {
      url = address ?? url
    },
  }
}
