/** What becomes of one webhook. `delaysMs` has one entry per copy that is sent. */
export type WebhookFate =
  | { readonly kind: 'drop' }
  | { readonly kind: 'lose' }
  | { readonly kind: 'send'; readonly delaysMs: readonly number[] }

/** One rule; the first that matches and still has `times` left decides. */
export interface WebhookFault {
  /** `*`, an event, or `event.action`: `push`, `issue_comment.created`. */
  readonly on: string
  /**
   * `drop` never arrives and stands in the delivery log as failed; `lose` does not even stand there. `reorder` delays by a random time within `delayMs`, so that events overtake each other; `duplicate` sends a second
   * copy, with the same GUID, after `delayMs`.
   */
  readonly kind: 'drop' | 'lose' | 'delay' | 'duplicate' | 'reorder'
  /** Milliseconds; default 100. */
  readonly delayMs?: number
  /** How often the rule applies; default always. */
  readonly times?: number
  /** Share of matching webhooks, 0 to 1; default all. */
  readonly probability?: number
}

const DEFAULT_DELAY = 100
const SEND_NOW: WebhookFate = { kind: 'send', delaysMs: [0] }

/** Decides what becomes of webhooks; with the same seed and the same events it decides the same. */
export class WebhookFaults {
  #rules: { fault: WebhookFault; left: number }[] = []
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  add(fault: WebhookFault): void {
    this.#rules.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  clear(): void {
    this.#rules = []
  }

  fateOf({ event, action }: { event: string; action: string | null }): WebhookFate {
    for (const rule of this.#rules) {
      const { on, probability, kind, delayMs = DEFAULT_DELAY } = rule.fault
      if (rule.left === 0 || !(on === '*' || on === event || on === `${event}.${action}`)) continue
      if (probability !== undefined && this.#random() >= probability) continue
      rule.left -= 1
      if (kind === 'drop' || kind === 'lose') return { kind }
      if (kind === 'delay') return { kind: 'send', delaysMs: [delayMs] }
      if (kind === 'duplicate') return { kind: 'send', delaysMs: [0, delayMs] }
      return { kind: 'send', delaysMs: [this.#random() * delayMs] }
    }
    return SEND_NOW
  }
}
