import type { DeploymentState } from './deployment.ts'
import type { ReasonCode } from './reason-code.ts'
import { type RepositoryKey, type RingKey, ringKeyText } from './ring-key.ts'

/** Something to be done on GitHub once, because of what was decided. */
export type Deed =
  /** Open the GitHub Deployment of one of our deployments. */
  | { readonly kind: 'open_deployment'; readonly deployment: number }
  /** Start the run that carries a promotion. */
  | { readonly kind: 'dispatch_run'; readonly promotion: string }
  /** Let the job of a run through our protection rule, or not. */
  | {
      readonly kind: 'review_job'
      readonly run: number
      readonly environment: string
      readonly answer: 'approved' | 'rejected'
      readonly words: string
    }
  | { readonly kind: 'cancel_run'; readonly run: number }
  /** Label the pull request that a deployment belongs to with how it ended. */
  | {
      readonly kind: 'label_pull_request'
      readonly pullRequest: number
      readonly deployment: number
      readonly outcome: 'success' | 'failure'
    }
  /** Say on the GitHub Deployment where it stands. */
  | {
      readonly kind: 'deployment_status'
      readonly deployment: number
      readonly state: DeploymentState
      readonly failure: 'failed' | 'errored'
      readonly reason: ReasonCode | undefined
      readonly words: string
    }
  | {
      readonly kind: 'react'
      readonly comment: number
      readonly reaction: 'eyes' | 'rocket' | '+1' | '-1' | 'confused'
    }

/** Something that GitHub shows and that is brought up to date: whatever changed meanwhile, it is written once, as things stand then. */
export type Display =
  /** The check run of a promotion, with a row per gate. */
  | { readonly kind: 'promotion'; readonly promotion: string }
  /** The commit status `ringway/<solution>/<ring>` of a deployment's commit. */
  | { readonly kind: 'commit_status'; readonly deployment: number }
  /** The sticky comment of a pull request or an issue. */
  | { readonly kind: 'conversation'; readonly issue: number }

/** An outward write with the key under which it happens once, and the lane in which it keeps its place. */
export type Effect =
  | {
      readonly type: 'deed'
      readonly repository: RepositoryKey
      readonly lane: string
      readonly key: string
      readonly deed: Deed
    }
  | {
      readonly type: 'display'
      readonly repository: RepositoryKey
      readonly lane: string
      readonly key: string
      readonly display: Display
    }

/** A deed about a ring. Those of one ring are done one after the other, in the order in which they were decided. */
export function ringDeed(ring: RingKey, deed: Deed, discriminator = ''): Effect {
  const { tenant, repository } = ring
  return {
    type: 'deed',
    repository: { tenant, repository },
    lane: `ring ${ringKeyText(ring)}`,
    key: `${deedKey(deed)}${discriminator}`,
    deed,
  }
}

/** A deed of a conversation; it waits for no ring. */
export function reaction(repository: RepositoryKey, deed: Extract<Deed, { kind: 'react' }>): Effect {
  return {
    type: 'deed',
    repository,
    lane: `comment ${repository.repository}/${deed.comment}`,
    key: deedKey(deed),
    deed,
  }
}

/** Something to show. Each has a lane of its own: one that GitHub refuses holds no other. */
export function show(repository: RepositoryKey, display: Display): Effect {
  const key = `show ${display.kind} ${repository.repository}/${subjectOf(display)}`
  return { type: 'display', repository, lane: key, key, display }
}

function subjectOf(display: Display): string | number {
  switch (display.kind) {
    case 'promotion':
      return display.promotion
    case 'commit_status':
      return display.deployment
    case 'conversation':
      return display.issue
  }
}

/** The same deed has the same key, whoever decides it and however often. */
function deedKey(deed: Deed): string {
  switch (deed.kind) {
    case 'open_deployment':
      return `open_deployment ${deed.deployment}`
    case 'dispatch_run':
      return `dispatch_run ${deed.promotion}`
    case 'review_job':
      return `review_job ${deed.run} ${deed.environment.toLowerCase()}`
    case 'cancel_run':
      return `cancel_run ${deed.run}`
    case 'label_pull_request':
      return `label_pull_request ${deed.deployment} ${deed.outcome}`
    case 'deployment_status':
      return `deployment_status ${deed.deployment} ${deed.state}`
    case 'react':
      return `react ${deed.comment} ${deed.reaction}`
  }
}
