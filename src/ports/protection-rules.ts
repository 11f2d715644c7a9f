import type { Account } from './deployments.ts'
import type { RunRecord } from './run-records.ts'

/** The jobs of a run that wait before one environment. */
export interface HeldRun {
  readonly run: number
  readonly environment: string
}

/** A run that GitHub holds before environments. */
export interface WaitingRun {
  readonly run: RunRecord
  readonly environments: readonly {
    readonly name: string
    /** Minutes. */
    readonly waitTimer: number
    /** Whether people are asked to review, too. */
    readonly hasReviewers: boolean
  }[]
}

/** What somebody, or an App, said of a run before its environments. */
export interface EnvironmentReview {
  readonly environments: readonly string[]
  /** `pending`: a report without a decision. */
  readonly state: 'approved' | 'rejected' | 'pending'
  readonly account: Account | undefined
  readonly comment: string
}

/** The App as a custom deployment protection rule of GitHub Environments. */
export interface ProtectionRules {
  /**
   * Decides, for all jobs of the run that wait there.
   *
   * @param decision - `comment`: Markdown; what is longer than 1,024 characters is cut
   */
  decide(
    held: HeldRun,
    decision: { readonly verdict: 'approved' | 'rejected'; readonly comment: string },
  ): Promise<'decided' | 'already_decided'>

  /**
   * Says how far it is without deciding. GitHub takes ten reports per deployment; `refused`: it is decided, or those were made.
   *
   * @param comment - Markdown; what is longer than 1,024 characters is cut
   */
  report(held: HeldRun, comment: string): Promise<'reported' | 'refused'>

  /** Every run that waits, newest first, read from GitHub as far as the caller iterates. */
  waiting(): AsyncIterable<WaitingRun>

  /** What was said of a run, by people and Apps. */
  history(run: number): Promise<readonly EnvironmentReview[]>
}
