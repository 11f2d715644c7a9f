import type { CheckRun } from '../../world/check.ts'
import type { Deployment } from '../../world/deployment.ts'
import type { EnvironmentGate } from '../environments/environment-gate.ts'
import type { Conclusion, JobAnnotation, StepRecord } from '../runner/job-assignment.ts'
import type { JobLog } from '../runner/job-log.ts'
import type { Masker } from '../runner/masker.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'
import type { RunAttempt, WorkflowRun } from './workflow-run.ts'

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
