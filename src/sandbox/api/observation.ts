import type { Actor } from './actor.ts'

/** One answered API request, as a validator wants to see it. */
export interface ApiExchange {
  readonly kind: 'api'
  /** Who asked. */
  readonly by: Actor['kind']
  readonly method: string
  /** As GitHub's OpenAPI document writes it: `/repos/{owner}/{repo}/deployments`. */
  readonly template: string
  readonly url: string
  readonly requestBody: unknown
  readonly status: number
  readonly responseBody: unknown
}

/** One webhook as it is sent, before faults have their way with it. */
export interface WebhookSent {
  readonly kind: 'webhook'
  readonly event: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** Sees all that the sandbox says, before it is said: what it throws, the client gets as a 500 that names it. */
export type Observer = (observation: ApiExchange | WebhookSent) => void
