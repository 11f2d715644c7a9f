import type { CommitSha, EpochMs } from '../domain/units.ts'
import type { Account } from './deployments.ts'

/** A run of GitHub Actions, read whole. */
export interface RunRecord {
  readonly id: number
  readonly url: string
  /** What `run-name` made of it. */
  readonly title: string
  /** `queued`, `in_progress`, `waiting`, `completed`, … */
  readonly status: string
  /** `success`, `failure`, `cancelled`, `timed_out`, …; undefined before it has completed. */
  readonly conclusion: string | undefined
  readonly event: string
  /** The path of the workflow file. */
  readonly workflow: string
  /** Undefined for a tag. */
  readonly headBranch: string | undefined
  readonly headCommit: CommitSha
  /** Starts at 1 and rises with each re-run. */
  readonly attempt: number
  /** Who started the first attempt. */
  readonly actor: Account | undefined
  /** Who started this attempt. */
  readonly triggeredBy: Account | undefined
  readonly createdAt: EpochMs
}

/** Runs of GitHub Actions, as a supervisor sees them. */
export interface RunRecords {
  /** @returns undefined when there is no such run, or it was deleted */
  read(id: number): Promise<RunRecord | undefined>

  /** `ended`: it had completed already. */
  cancel(id: number): Promise<'cancelled' | 'ended'>
}
