import { ApiError } from '../api/api-error.ts'
import type { Intercepted, Interceptor, Verdict } from '../api/interceptor.ts'
import type { Reply } from '../api/route.ts'
import type { World } from '../world.ts'
import { type ApiFault, isAbout } from './api-fault.ts'
import { budgetHeaders, type RateBudget } from './rate-budget.ts'

const GO_ON: Verdict = { kind: 'go_on' }

interface Parts {
  readonly world: World
  readonly random: () => number
  readonly budget: RateBudget
}

/** Counts requests against the hourly budget, and lets planned faults happen. */
export class ApiFaults implements Interceptor {
  #rules: { fault: ApiFault; left: number; toSkip: number }[] = []
  readonly #parts: Parts
  /** What was decided before the route ran and is to happen after it. */
  readonly #pending = new WeakMap<Intercepted, Verdict>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  add(fault: ApiFault): void {
    this.#rules.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, toSkip: fault.skip ?? 0 })
  }

  clear(): void {
    this.#rules = []
  }

  async before(request: Intercepted): Promise<Verdict> {
    // Asking for the budget costs nothing.
    if (request.template !== '/rate_limit') {
      const budget = this.#parts.budget.spend(request.actor)
      if (budget.remaining < 0) return refused(403, 'API rate limit exceeded', budgetHeaders(budget))
    }
    const fault = this.#next(request)
    return fault === undefined ? GO_ON : this.#begin(request, fault)
  }

  async after(request: Intercepted): Promise<Verdict> {
    return this.#pending.get(request) ?? GO_ON
  }

  headers(request: Intercepted): Readonly<Record<string, string>> {
    return budgetHeaders(this.#parts.budget.budgetOf(request.actor))
  }

  #next(request: Intercepted): ApiFault | undefined {
    for (const rule of this.#rules) {
      const { probability } = rule.fault
      if (rule.left === 0 || !isAbout(rule.fault, request)) continue
      if (rule.toSkip > 0) {
        rule.toSkip -= 1
        continue
      }
      if (probability !== undefined && this.#parts.random() >= probability) continue
      rule.left -= 1
      return rule.fault
    }
    return undefined
  }

  async #begin(request: Intercepted, fault: ApiFault): Promise<Verdict> {
    fault.meanwhile?.()
    if (fault.kind === 'slow') {
      await this.#parts.world.clock.sleep(fault.delayMs)
      return GO_ON
    }
    const verdict = verdictOf(fault, this.#parts.world.now())
    if (fault.kind === 'primary_rate_limit' || fault.kind === 'secondary_rate_limit' || fault.when === 'before')
      return verdict
    this.#pending.set(request, verdict)
    return GO_ON
  }
}

function verdictOf(fault: Exclude<ApiFault, { kind: 'slow' }>, now: Date): Verdict {
  switch (fault.kind) {
    case 'cut':
      return { kind: 'cut' }
    case 'error':
      return refused(fault.status, fault.status === 502 ? 'Server Error' : 'Service unavailable', {})
    case 'primary_rate_limit':
      return refused(fault.status, 'API rate limit exceeded for installation.', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(now.getTime() / 1000) + fault.resetInSeconds),
      })
    case 'secondary_rate_limit':
      return refused(
        fault.status,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) },
      )
  }
}

function refused(status: number, message: string, headers: Reply['headers'] & {}): Verdict {
  return { kind: 'answer', reply: { status, body: new ApiError(status, message), headers } }
}
