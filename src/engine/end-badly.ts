import type { ReasonCode } from '../domain/reason-code.ts'
import type { Journey } from './deployment-journey.ts'

/** Why a deployment cannot become active. */
export interface BadEnd {
  readonly reason: ReasonCode
  readonly words: string
  /** Whether the answer was no, or could not be had. */
  readonly kind: 'failed' | 'errored'
}

/** What putting back found. */
export interface PutBack {
  readonly ok: boolean
  /** `v1 answers again` */
  readonly words: string
}

/**
 * Brings a deployment to its end from whatever state it is in, and what it displaced on the target back. When that cannot be put
 * back, the deployment stays `rolling_back` and says so: the next run of the ring tries again.
 */
export async function endBadly(journey: Journey, end: BadEnd, putBack: () => Promise<PutBack>): Promise<void> {
  const { reason, words, kind } = end
  if (journey.state === 'queued') await journey.advance({ event: 'slot_taken', reason, words })
  if (journey.state === 'building') await journey.advance({ event: 'build_failed', reason, words, kind })
  if (journey.state === 'deploying') {
    const back = await putBack()
    await journey.advance({ event: 'deploy_failed', reason, words: back.ok ? words : `${words}; ${back.words}`, kind })
  }
  if (journey.state === 'validating') await journey.advance({ event: 'validation_failed', reason, words })
  if (journey.state === 'rolling_back') {
    const back = await putBack()
    if (back.ok) await journey.advance({ event: 'restored', reason, words: `${words}; ${back.words}` })
    else await journey.say({ reason: 'restore_failed', words: back.words })
  }
}
