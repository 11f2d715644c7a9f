import type { Clock } from '../../clock.ts'
import type { CustomProtectionRule, Environment } from '../../world/environment.ts'
import type { GithubApp } from '../../world/github-app.ts'

/** How a gate ended: `closed` when the job was cancelled while it waited. */
export type GateEnd =
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'closed' }

/** What an App's rule has said so far. */
export interface RuleState {
  readonly rule: CustomProtectionRule
  state: 'pending' | 'approved' | 'rejected'
  /** Comments without a decision; GitHub takes ten. */
  reports: number
}

/**
 * One job in front of one environment. It passes when a reviewer has approved (if the environment has any), the wait
 * timer has run out, and every App with a rule has approved; the first refusal ends it.
 */
export class EnvironmentGate {
  readonly environment: Environment
  readonly since: Date
  readonly rules: readonly RuleState[]
  readonly waitsForReview: boolean
  readonly ended: Promise<GateEnd>
  #isReviewed: boolean
  #isTimerOver: boolean
  #isOver = false
  readonly #end: (end: GateEnd) => void

  constructor(environment: Environment, since: Date) {
    const { promise, resolve } = Promise.withResolvers<GateEnd>()
    this.environment = environment
    this.since = since
    this.ended = promise
    this.#end = resolve
    this.waitsForReview = environment.reviewers.length > 0
    this.#isReviewed = !this.waitsForReview
    this.#isTimerOver = environment.waitTimer === 0
    this.rules = environment.customRules
      .filter(rule => rule.enabled)
      .map(rule => ({ rule, state: 'pending', reports: 0 }))
    this.#passIfComplete()
  }

  /** False once it has passed or was refused. */
  get isWaiting(): boolean {
    return !this.#isOver
  }

  get isReviewPending(): boolean {
    return this.isWaiting && !this.#isReviewed
  }

  ruleOf(app: GithubApp): RuleState | undefined {
    return this.rules.find(({ rule }) => rule.app.id === app.id)
  }

  /** Starts the wait timer; `minuteMs` is the length of one of its minutes. */
  async runTimer(clock: Clock, minuteMs: number, signal: AbortSignal): Promise<void> {
    if (this.#isTimerOver) return
    try {
      await clock.sleep(this.environment.waitTimer * minuteMs, signal)
      this.#isTimerOver = true
      this.#passIfComplete()
    } catch {
      // Cancelled: `close` ends the gate.
    }
  }

  approveReview(): void {
    this.#isReviewed = true
    this.#passIfComplete()
  }

  decideRule(state: RuleState, decision: 'approved' | 'rejected', comment: string): void {
    state.state = decision
    if (decision === 'rejected') this.refuse(`${state.rule.app.name} rejected the deployment. ${comment}`.trim())
    else this.#passIfComplete()
  }

  refuse(message: string): void {
    this.#finish({ kind: 'refused', message })
  }

  close(): void {
    this.#finish({ kind: 'closed' })
  }

  #passIfComplete(): void {
    const isApproved = this.rules.every(({ state }) => state === 'approved')
    if (this.#isReviewed && this.#isTimerOver && isApproved) this.#finish({ kind: 'passed' })
  }

  #finish(end: GateEnd): void {
    this.#isOver = true
    this.#end(end)
  }
}
