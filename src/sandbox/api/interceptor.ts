import type { Actor } from './actor.ts'
import type { Reply } from './route.ts'

/** A request on its way to its route. */
export interface Intercepted {
  readonly method: string
  readonly template: string
  readonly path: string
  readonly actor: Actor
}

/** `cut` ends the connection without an answer. */
export type Verdict =
  | { readonly kind: 'go_on' }
  | { readonly kind: 'answer'; readonly reply: Reply }
  | { readonly kind: 'cut' }

/** Faults and rate limits: answers in a route's place (`before`), or instead of its answer after the effect (`after`). */
export interface Interceptor {
  before(request: Intercepted): Promise<Verdict>
  after(request: Intercepted): Promise<Verdict>
  /** Added to every answer. */
  headers(request: Intercepted): Readonly<Record<string, string>>
}
