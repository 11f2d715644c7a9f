import { ExpressionFailure, evaluateExpression, isTruthy } from '../expression/evaluate-expression.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import { announceJob, announceRun } from './announce.ts'
import { carryOver } from './carry-over.ts'
import { concurrencySetting } from './concurrency-setting.ts'
import { createJob } from './create-job.ts'
import { driveJob } from './drive-job.ts'
import { annotateError } from './job-observer.ts'
import { completeJob } from './job-progress.ts'
import { standingBefore } from './job-standing.ts'
import { reportStartupFailure } from './report-startup-failure.ts'
import { runScope } from './run-scope.ts'
import { completeRun, conclusionOf, setRunStatus } from './run-status.ts'
import type { Job, RunAttempt, WorkflowRun } from './workflow-run.ts'

/** An attempt to drive; `kept` are jobs of the previous attempt that need not run again. */
export interface AttemptPlan {
  readonly run: WorkflowRun
  readonly attempt: RunAttempt
  readonly kept: readonly Job[]
}

/** Drives one attempt of a run from its request to its end. Never rejects for what the workflow did. */
export async function driveRun(runtime: ActionsRuntime, plan: AttemptPlan): Promise<void> {
  const { run, attempt } = plan
  announceRun(runtime.world, run, 'requested')
  if (attempt.problems.length > 0) return failToStart(runtime, plan)
  let leave: (() => void) | undefined
  try {
    const setting = concurrencySetting(run.file.concurrency, runScope(runtime.world, run, { attempt }))
    leave = setting === undefined ? () => undefined : await enterGroup(runtime, plan, setting)
    if (leave !== undefined) await driveJobs(runtime, plan, setting?.group)
    completeRun(runtime, run, { attempt, conclusion: leave === undefined ? 'cancelled' : conclusionOf(attempt) })
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error
    attempt.problems = [error.message]
    failToStart(runtime, plan)
  } finally {
    leave?.()
  }
}

function failToStart(runtime: ActionsRuntime, { run, attempt }: AttemptPlan): void {
  reportStartupFailure(runtime.world, run, attempt)
  completeRun(runtime, run, { attempt, conclusion: 'startup_failure' })
}

async function enterGroup(
  runtime: ActionsRuntime,
  { run, attempt }: AttemptPlan,
  setting: NonNullable<ReturnType<typeof concurrencySetting>>,
): Promise<(() => void) | undefined> {
  setRunStatus(runtime, run, { attempt, status: 'pending' })
  return await runtime.groupsOf(run.repository).enter({
    ...setting,
    signal: attempt.cancelled.signal,
    onReplaced: message => {
      attempt.problems = [...attempt.problems, message]
      for (const job of attempt.jobs) if (job.status !== 'completed') annotateError(job, message)
      cancelAttempt(runtime, run, attempt)
    },
  })
}

/** Every job begins as soon as all that it needs has ended. */
async function driveJobs(runtime: ActionsRuntime, plan: AttemptPlan, runGroup: string | undefined): Promise<void> {
  const { run } = plan
  const begun = new Map<string, Promise<Job>>()
  const begin = (definition: JobDefinition): Promise<Job> => {
    const known = begun.get(definition.key)
    if (known !== undefined) return known
    const needed = run.file.jobs.filter(candidate => definition.needs.includes(candidate.key))
    const driven = Promise.all(needed.map(begin)).then(needs =>
      driveDefinition(runtime, plan, { definition, needs, runGroup }),
    )
    begun.set(definition.key, driven)
    return driven
  }
  await Promise.all(run.file.jobs.map(begin))
}

async function driveDefinition(
  runtime: ActionsRuntime,
  plan: AttemptPlan,
  turn: {
    readonly definition: JobDefinition
    readonly needs: readonly Job[]
    readonly runGroup: string | undefined
  },
): Promise<Job> {
  const { run, attempt } = plan
  const { definition, needs } = turn
  const earlier = plan.kept.find(job => job.definition.key === definition.key)
  const standing = standingBefore(attempt, needs)
  const scope = runScope(runtime.world, run, { attempt, needs, standing })
  const job = createJob(runtime.world, { run, attempt, definition, scope })
  if (earlier !== undefined) {
    carryOver(job, earlier)
  } else if (isAskedFor(runtime, job, { scope })) {
    await driveJob(runtime, { job, needs, scope, runGroup: turn.runGroup })
  } else if (job.status !== 'completed') {
    announceJob(runtime.world, job, 'queued')
    completeJob(runtime, job, { conclusion: standing === 'cancelled' ? 'cancelled' : 'skipped' })
  }
  return job
}

function isAskedFor(
  runtime: ActionsRuntime,
  job: Job,
  { scope }: { readonly scope: Parameters<typeof evaluateExpression>[1] },
): boolean {
  if (job.attempt.forced.signal.aborted) return false
  try {
    return isTruthy(evaluateExpression(job.definition.condition, scope))
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error
    annotateError(job, error.message)
    completeJob(runtime, job, { conclusion: 'failure' })
    return false
  }
}

/** Cancels an attempt: every job whose `if` does not hold in a cancelled run. */
export function cancelAttempt(runtime: ActionsRuntime, run: WorkflowRun, attempt: RunAttempt): void {
  attempt.cancelled.abort()
  for (const job of attempt.jobs) {
    if (job.status !== 'completed' && !outlivesCancellation(runtime, run, job)) job.cancelled.abort()
  }
}

function outlivesCancellation(runtime: ActionsRuntime, run: WorkflowRun, job: Job): boolean {
  const { attempt, definition } = job
  const needs = attempt.jobs.filter(candidate => definition.needs.includes(candidate.definition.key))
  const scope = runScope(runtime.world, run, { attempt, needs, standing: 'cancelled' })
  try {
    return isTruthy(evaluateExpression(definition.condition, scope))
  } catch {
    // Whoever cancels must not stumble over a condition that says nothing in a cancelled run.
    return false
  }
}

/** Ends an attempt whatever its jobs ask for. */
export function forceCancelAttempt(attempt: RunAttempt): void {
  attempt.cancelled.abort()
  attempt.forced.abort()
  for (const job of attempt.jobs) {
    job.cancelled.abort()
    job.forced.abort()
  }
}
