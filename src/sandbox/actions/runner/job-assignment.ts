import type { Clock } from '../../clock.ts'
import type { Json } from '../expression/json.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'
import type { TemplateNode } from '../workflow/template-node.ts'
import type { RunnerTimings } from './timings.ts'

/** The contexts of a job that do not change while it runs. */
export interface JobContexts {
  readonly github: Readonly<Record<string, string | boolean>>
  readonly inputs: Readonly<Record<string, Json>>
  readonly vars: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly needs: Readonly<Record<string, Json>>
}

/** Everything a runner is given to run one job. */
export interface JobAssignment {
  readonly definition: JobDefinition
  readonly contexts: JobContexts
  readonly workflowEnv: TemplateNode | undefined
  /** The event's payload, as `github.event` and as the file at GITHUB_EVENT_PATH. */
  readonly event: Json
  /** An empty directory that belongs to this job alone. */
  readonly directory: string
  /** Directories of actions by `owner/name`; `actions/checkout` is built in. */
  readonly actions: Readonly<Record<string, string>>
  /** Set exactly when the job has `id-token: write`. */
  readonly idToken: { readonly url: string; readonly token: string } | undefined
  /** What the machine of the runner has in its environment, as a self-hosted one may. */
  readonly machineVariables: Readonly<Record<string, string>>
  readonly trackingId: string
  readonly runnerName: string
  readonly clock: Clock
  readonly timings: RunnerTimings
  /** Ends the current step gently; steps that ask for `always()` or `cancelled()` still run. */
  readonly cancelled: AbortSignal
  /** Ends everything. */
  readonly forced: AbortSignal
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped'

/** One line of a job's list of steps. */
export interface StepRecord {
  readonly number: number
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | null
  startedAt: Date | null
  completedAt: Date | null
}

/** What the runner shows of a job while it runs. */
export interface JobObserver {
  readonly steps: StepRecord[]
  onLog(text: string): void
  onAnnotation(annotation: JobAnnotation): void
  onSummary(markdown: string): void
  addMask(value: string): void
  /** True when the text holds a secret. */
  reveals(text: string): boolean
}

export interface JobAnnotation {
  readonly level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title: string | null
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly startColumn: number | null
  readonly endColumn: number | null
}

export interface JobResult {
  readonly conclusion: 'success' | 'failure' | 'cancelled'
  readonly outputs: Readonly<Record<string, string>>
  /** The evaluated `environment.url`. */
  readonly environmentUrl: string | undefined
}
