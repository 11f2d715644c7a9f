import type { RunResult } from '../../domain/result.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { PromotionWish } from '../../domain/run-protocol.ts'
import type { ControlPlane } from '../../ports/control-plane.ts'

/** Asks the App for a promotion; it decides, and what it answers is the result of the run. A `deploy` that is a dry run asks the same. */
export async function promoteThroughApp(
  { control }: { readonly control: ControlPlane },
  { command, ...wish }: PromotionWish & { readonly command: 'promote' | 'deploy' },
): Promise<RunResult> {
  try {
    return { ...(await control.promote(wish)), command }
  } catch (error) {
    if (!(error instanceof RingwayError) || error.kind === 'errored') throw error
    const { code, message, remedy } = error
    const { environment } = wish
    return { schema_version: 1, command, decision: 'refused', reason_code: code, message, remedy, environment }
  }
}
