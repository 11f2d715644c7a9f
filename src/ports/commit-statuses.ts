import type { CommitSha } from '../domain/units.ts'

/** A commit status to post. */
export interface NewCommitStatus {
  readonly commit: CommitSha
  /** `ringway/<solution>/<ring>` */
  readonly context: string
  readonly state: 'pending' | 'success' | 'failure' | 'error'
  /** What is longer than 140 characters is cut. */
  readonly description: string
  readonly url?: string | undefined
  /** Whether an earlier attempt may have posted it already: then it is looked for first. @default false */
  readonly repeated?: boolean | undefined
}

/** Commit statuses of ours. GitHub takes a thousand of one context on one commit. */
export interface CommitStatuses {
  /** `there`: the newest of the context is ours and says the same. */
  post(status: NewCommitStatus): Promise<'posted' | 'there'>
}
