import type { RingResult, RunResult } from '../domain/result.ts'
import type {
  Assignment,
  BuildAnswer,
  BuildReport,
  PromotionWish,
  RunClaim,
  RunReport,
  RunVerdict,
} from '../domain/run-protocol.ts'

/**
 * The App, as a run of the Action sees it. Each message proves which run sends it, and may be sent again: what was taken in already changes
 * nothing.
 *
 * Every method throws a `RingwayError`: `app_unreachable` (kind `errored`) when the App could not be asked, `unauthenticated` when the job
 * cannot prove which run it is, else the App's own refusal with its remedy.
 */
export interface ControlPlane {
  /** Asks for the work of this run. */
  claim(claim: RunClaim): Promise<Assignment>

  /** Tells what this run did or saw. */
  report(report: RunReport): Promise<RunVerdict>

  /** Tells what a build published. */
  reportBuild(report: BuildReport): Promise<BuildAnswer>

  /** Asks for a promotion. @returns the record in which the run ends */
  promote(wish: PromotionWish): Promise<RunResult>

  /** What every ring of this repository points to. */
  readRings(): Promise<readonly RingResult[]>
}
