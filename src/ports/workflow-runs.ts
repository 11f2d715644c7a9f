import type { CommitSha } from '../domain/units.ts'

/** A run to start: one placing of a version in a ring. */
export interface Dispatch {
  /** The base name of the workflow file. */
  readonly workflow: string
  /** The default branch's name: its file is the one that runs. */
  readonly branch: string
  readonly command: 'deploy' | 'rollback' | 'verify'
  readonly environment: string
  readonly artifact: string
  /** The id of the Deployment that carries it; absent where GitHub opens one for the job. */
  readonly deployment?: number | undefined
  /** By which a run whose dispatch was answered ambiguously is found again. */
  readonly promotion: string
  /** Whether an earlier attempt of this job may have started it already: then it is looked for first. @default false */
  readonly repeated?: boolean | undefined
}

/** A workflow run, as far as it matters here. */
export interface WorkflowRun {
  readonly id: number
  readonly url: string
  readonly completed: boolean
}

/** Runs of GitHub Actions. */
export interface WorkflowRuns {
  /** Starts a run, exactly once for its promotion. */
  dispatch(dispatch: Dispatch): Promise<WorkflowRun>

  /** The ids of the newest runs of a workflow that were started for a commit. */
  startedFor(workflow: string, commit: CommitSha): Promise<readonly number[]>

  /** @returns undefined when there is no such run, or it was deleted */
  read(id: number): Promise<WorkflowRun | undefined>
}
