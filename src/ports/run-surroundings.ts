import type { CommitSha } from '../domain/units.ts'

/** The workflow run that Ringway works in. */
export interface CurrentRun {
  readonly id: number
  /** Starts at 1 and rises with each re-run. */
  readonly attempt: number
  /** Where people read its log. */
  readonly url: string
  /** `push`, `pull_request`, `workflow_dispatch`, … */
  readonly event: string
  /** Who started it. */
  readonly actor: string
  /** The commit that it was started for. */
  readonly commit: CommitSha
  /** `refs/heads/main` */
  readonly ref: string
  /** `owner/name/.github/workflows/ringway.yml@refs/heads/main` */
  readonly workflowRef: string
  /** Whether it builds a pull request of a fork. */
  readonly fork: boolean
}
