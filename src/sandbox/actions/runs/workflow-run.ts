import type { GitCommit } from '../../git/git-object.ts'
import type { Account } from '../../world/account.ts'
import type { CheckRun, CheckSuite } from '../../world/check.ts'
import type { Deployment } from '../../world/deployment.ts'
import type { Repository } from '../../world/repository.ts'
import type { EnvironmentGate } from '../environments/environment-gate.ts'
import type { Json } from '../expression/json.ts'
import type { Conclusion, JobAnnotation, StepRecord } from '../runner/job-assignment.ts'
import type { JobLog } from '../runner/job-log.ts'
import type { Masker } from '../runner/masker.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'
import type { WorkflowFile } from '../workflow/workflow-file.ts'

/** A workflow as the API lists it: a path in a repository, whatever the file says at one commit. */
export interface Workflow {
  readonly id: number
  readonly repository: Repository
  readonly path: string
  /** From the newest file that was read. */
  name: string
  readonly createdAt: Date
  updatedAt: Date
}

/** What started a run. */
export interface RunTrigger {
  readonly event: string
  /** The webhook's payload: `github.event`. */
  readonly payload: Json
  /** `github.ref` */
  readonly ref: string
  /** `github.sha`: the commit whose workflow file runs; for a pull request the merge of it with its base. */
  readonly sha: string
  /** What the API shows: for a pull request the commit and branch of its head. */
  readonly headSha: string
  readonly headBranch: string | null
  readonly actor: Account
  readonly inputs: Readonly<Record<string, Json>>
  readonly pull: PullTrigger | undefined
}

interface PullTrigger {
  readonly number: number
  readonly headRef: string
  readonly baseRef: string
  /** From another repository: no secrets, no writing. */
  readonly isFork: boolean
}

export type RunStatus = 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed'
export type RunConclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'startup_failure'

/** A decision about the environments of a run, as `approvals` lists it. */
interface RunReview {
  readonly environments: readonly string[]
  readonly state: 'approved' | 'rejected' | 'pending'
  readonly user: Account
  readonly comment: string
}

/** One execution of a run: the first one, or a re-run. */
export interface RunAttempt {
  readonly number: number
  readonly triggeringActor: Account
  readonly startedAt: Date
  readonly jobs: Job[]
  readonly reviews: RunReview[]
  /** Aborted when somebody cancels the run. */
  readonly cancelled: AbortController
  readonly forced: AbortController
  status: RunStatus
  conclusion: RunConclusion | null
  updatedAt: Date
  /** Why nothing could be run: words for people. */
  problems: readonly string[]
  /** What the sandbox leaves out of this workflow although it runs. */
  readonly notices: readonly string[]
}

export interface WorkflowRun {
  readonly id: number
  readonly number: number
  readonly workflow: Workflow
  readonly repository: Repository
  readonly file: WorkflowFile
  readonly trigger: RunTrigger
  readonly headCommit: GitCommit
  readonly suite: CheckSuite
  readonly displayTitle: string
  readonly createdAt: Date
  /** Oldest first; never empty. */
  readonly attempts: [RunAttempt, ...RunAttempt[]]
}

export function currentAttempt(run: WorkflowRun): RunAttempt {
  return run.attempts.at(-1) ?? run.attempts[0]
}

export type JobStatus = 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed'

/** A job of one attempt of a run. */
export interface Job {
  /** Also the id of its check run, as on GitHub. */
  readonly id: number
  readonly run: WorkflowRun
  readonly attempt: RunAttempt
  readonly definition: JobDefinition
  readonly name: string
  readonly labels: readonly string[]
  readonly createdAt: Date
  readonly checkRun: CheckRun
  readonly masker: Masker
  readonly log: JobLog
  readonly steps: StepRecord[]
  readonly annotations: JobAnnotation[]
  readonly cancelled: AbortController
  readonly forced: AbortController
  /** The environment it names, as evaluated. */
  environment: string | undefined
  deployment: Deployment | undefined
  gate: EnvironmentGate | undefined
  status: JobStatus
  conclusion: Conclusion | null
  /** What jobs that need this one see: a forgiven failure is a success to them. */
  result: Conclusion | null
  runnerName: string | null
  startedAt: Date | null
  completedAt: Date | null
  summary: string
  outputs: Readonly<Record<string, string>>
}
