import type { GithubApp, Installation } from '../world/github-app.ts'

/** One attempt to tell an App's URL of an event; attempts of the same event share a `guid`. */
export interface Delivery {
  readonly id: number
  /** X-GitHub-Delivery */
  readonly guid: string
  readonly app: GithubApp
  readonly installation: Installation | null
  readonly repositoryId: number | null
  readonly event: string
  readonly action: string | null
  readonly isRedelivery: boolean
  readonly deliveredAt: Date
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body: string }
  /** `pending` until the receiver has answered or the time is up. */
  outcome: DeliveryOutcome
}

export type DeliveryOutcome =
  | { readonly kind: 'pending' }
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      readonly seconds: number
    }
  /** No answer: refused, cut, or none within ten seconds. */
  | { readonly kind: 'failed'; readonly reason: string; readonly seconds: number }

export function isSuccess({ outcome }: Delivery): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300
}
