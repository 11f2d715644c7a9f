/** What a request to GitHub costs of an installation's budget. Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export type CallKind = 'read' | 'write' | 'content'

/** What GitHub said about limits in an answer. */
export interface LimitNotice {
  /** Milliseconds until it may be asked again; absent: GitHub did not say. */
  readonly retryAfterMs?: number | undefined
  /** `secondary`: it met too much at once; `primary`: the hour's calls are used up. */
  readonly limit: 'primary' | 'secondary'
}

/** One token bucket per installation, shared by all replicas: 900 points and 80 content writes a minute, 500 content writes an hour, and the hour's calls. */
export interface CallBudget {
  /** Takes what a call costs; @returns milliseconds to wait before asking again, 0 when the call may be made now */
  take(tenant: number, kind: CallKind): Promise<number>

  /** Remembers that GitHub refused a call: nothing of this installation is sent before the pause has passed. @returns the pause in milliseconds */
  refused(tenant: number, notice: LimitNotice): Promise<number>
}
