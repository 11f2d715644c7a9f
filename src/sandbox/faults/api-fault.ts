import type { Actor } from '../api/actor.ts'
import type { Intercepted } from '../api/interceptor.ts'

/** What goes wrong. */
export type ApiFaultKind =
  /** A 5xx; with `after`, although the effect took place. */
  | { readonly kind: 'error'; readonly status: 500 | 502 | 503 | 504; readonly when: 'before' | 'after' }
  /** The connection ends without an answer, before or after the effect. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** The hourly budget is used up: remaining 0, and the time at which it is full again. */
  | { readonly kind: 'primary_rate_limit'; readonly status: 403 | 429; readonly resetInSeconds: number }
  /** Too much at once; GitHub does not always say how long to wait. */
  | { readonly kind: 'secondary_rate_limit'; readonly status: 403 | 429; readonly retryAfterSeconds?: number }
  /** The answer comes late. */
  | { readonly kind: 'slow'; readonly delayMs: number }

/** One rule; the first that matches and still has `times` left decides. */
export type ApiFault = ApiFaultKind & {
  /**
   * A route as GitHub documents it, `POST /repos/{owner}/{repo}/deployments`; `POST *` or `*` match more.
   */
  readonly on: string
  /** Whose requests; default everybody's. */
  readonly by?: readonly Actor['kind'][]
  /** Requests that match and go well before the fault begins; default 0. */
  readonly skip?: number
  /** How often the rule applies; default always. */
  readonly times?: number
  /** Share of matching requests, 0 to 1; default all. */
  readonly probability?: number
  /** Called when the rule applies, before any effect: what else happens at that moment, such as the end of whoever asked. */
  readonly meanwhile?: () => void
}

/** Whether a rule is about this request. */
export function isAbout({ on, by }: ApiFault, { method, template, actor }: Intercepted): boolean {
  const isOn = on === '*' || on === `${method} *` || on === `${method} ${template}`
  return isOn && (by === undefined || by.includes(actor.kind))
}
