import type { Actor } from '../api/actor.ts'
import type { World } from '../world.ts'

const HOUR_MS = 3_600_000
/** Requests an hour without credentials, with a job's token (per repository), and otherwise. */
const LIMITS = { anonymous: 60, job: 1000, other: 5000 }

export interface Budget {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** Seconds since 1970 at which it is full again. */
  readonly reset: number
}

/** GitHub's primary rate limit: requests of one actor within an hour. */
export class RateBudget {
  readonly #world: World
  readonly #windows = new Map<string, { started: number; used: number }>()

  constructor(world: World) {
    this.#world = world
  }

  /** Counts one request; `remaining` below 0 means that it was one too many. */
  spend(actor: Actor): Budget {
    const window = this.#windowOf(actor)
    window.used += 1
    return this.budgetOf(actor)
  }

  budgetOf(actor: Actor): Budget {
    const { started, used } = this.#windowOf(actor)
    const limit = limitOf(actor)
    return { limit, used, remaining: limit - used, reset: Math.ceil((started + HOUR_MS) / 1000) }
  }

  #windowOf(actor: Actor): { started: number; used: number } {
    const now = this.#world.now().getTime()
    const key = keyOf(actor)
    const known = this.#windows.get(key)
    if (known !== undefined && known.started + HOUR_MS > now) return known
    const fresh = { started: now, used: 0 }
    this.#windows.set(key, fresh)
    return fresh
  }
}

function limitOf(actor: Actor): number {
  if (actor.kind === 'anonymous') return LIMITS.anonymous
  return actor.kind === 'job' ? LIMITS.job : LIMITS.other
}

function keyOf(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'user':
      return `user ${actor.user.id}`
    case 'job':
      return `repository ${actor.token.repository.id}`
    case 'installation':
      return `installation ${actor.token.installation.id}`
    case 'app':
      return `app ${actor.app.id}`
  }
}

/** The headers that GitHub adds to every answer. */
export function budgetHeaders(budget: Budget): Record<string, string> {
  return {
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(Math.max(0, budget.remaining)),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(budget.reset),
    'x-ratelimit-resource': 'core',
  }
}
