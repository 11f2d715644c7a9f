import type { CommitSha } from '../domain/units.ts'

/** A check run or a commit status, as one word for both. */
export interface CommitCheck {
  readonly name: string
  readonly source: 'check_run' | 'status'
  /** `pending` until it has ended. `neutral` and `skipped` count as passed on GitHub. */
  readonly outcome: 'pending' | 'passed' | 'failed'
  /** The slug of the App that made a check run. */
  readonly app: string | undefined
  /** The workflow run that it is a job of. */
  readonly runId: number | undefined
}

/** What GitHub says of a commit. */
export interface CommitChecks {
  /** Every check run and status, the newest of each name, read whole. */
  list(commit: CommitSha): Promise<readonly CommitCheck[]>

  /** The names of the checks that the default branch's protection and rules require. */
  required(): Promise<readonly string[]>
}
