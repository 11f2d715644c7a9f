import type { Check } from '../domain/ring.ts'
import type { Placement } from './target.ts'

/** What a check found. */
export interface CheckOutcome {
  /** `errored`: it could not be asked. */
  readonly kind: 'passed' | 'failed' | 'errored'
  /** `GET /healthz answered 500, expected 200` */
  readonly words: string
  /** What it saw last: the head of a body, the last lines of an output. */
  readonly evidence: string
  readonly attempts: number
  /** Milliseconds. */
  readonly tookMs: number
}

/** Runs the checks of a ring against a placed version. */
export interface CheckRunner {
  /** @param place - `url`: where the version answers */
  run(check: Check, place: { readonly placement: Placement; readonly url: string | undefined }): Promise<CheckOutcome>
}
