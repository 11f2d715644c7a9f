import { setTimeout as delay } from 'node:timers/promises'
import { awaitEnvironment } from '../environments/await-environment.ts'
import { jobEnvironment } from '../environments/job-environment.ts'
import { ExpressionFailure, type Scope, textOfJson } from '../expression/evaluate-expression.ts'
import { evaluateFlag, evaluateTemplate } from '../expression/evaluate-template.ts'
import type { TemplateNode } from '../workflow/template-node.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import { announceJob } from './announce.ts'
import { announceCheckRun } from './announce-check-run.ts'
import { concurrencySetting } from './concurrency-setting.ts'
import { annotateError } from './job-observer.ts'
import { completeJob, moveJob } from './job-progress.ts'
import { objectionToRunner } from './objection-to-runner.ts'
import { runJob } from './run-job.ts'
import type { Job } from './workflow-run.ts'

// GitHub's default for `timeout-minutes`.
const DEFAULT_TIMEOUT_MINUTES = 360
// How long a cancelled job may go on cleaning up.
const DEFAULT_CANCEL_MINUTES = 5

/** What a job needs to be driven: its turn has come and its `if` was true. */
export interface JobTurn {
  readonly job: Job
  readonly needs: readonly Job[]
  readonly scope: Scope
  /** The concurrency group that the whole run holds. */
  readonly runGroup: string | undefined
}

/**
 * Takes a job from queued to completed: its concurrency group, the protection of its environment, a free runner, and
 * then its steps. Whatever happens the job ends, and what it held is given back.
 */
export async function driveJob(runtime: ActionsRuntime, turn: JobTurn): Promise<void> {
  const { job } = turn
  const leaving: (() => void)[] = []
  announceCheckRun(runtime.world, job, 'created')
  announceJob(runtime.world, job, 'queued')
  try {
    await reachRunner(runtime, turn, leaving)
  } catch (error) {
    annotateError(job, wordsOf(error))
    if (job.status !== 'completed') completeJob(runtime, job, { conclusion: 'failure' })
  } finally {
    for (const leave of leaving.toReversed()) leave()
  }
}

async function reachRunner(runtime: ActionsRuntime, turn: JobTurn, leaving: (() => void)[]): Promise<void> {
  const { job, scope } = turn
  const objection = objectionToRunner(job.definition, scope)
  if (objection !== undefined) return refuse(runtime, job, objection)

  const leaveGroup = await enterGroup(runtime, turn)
  if (leaveGroup === undefined) return completeJob(runtime, job, { conclusion: 'cancelled' })
  leaving.push(leaveGroup)

  const environment = jobEnvironment(job.definition, scope)
  if (environment !== undefined) {
    const end = await awaitEnvironment(runtime, job, environment)
    if (end.kind === 'refused') return refuse(runtime, job, end.message)
    if (end.kind === 'closed') return completeJob(runtime, job, { conclusion: 'cancelled' })
  }
  moveJob(runtime, job, 'queued')
  const runner = await runtime.slots.take(job.cancelled.signal)
  if (runner === undefined) return completeJob(runtime, job, { conclusion: 'cancelled' })
  leaving.push(() => runtime.slots.giveBack(runner))
  job.runnerName = runner
  await run(runtime, turn)
}

async function enterGroup(runtime: ActionsRuntime, turn: JobTurn): Promise<(() => void) | undefined> {
  const { job, scope, runGroup } = turn
  const setting = concurrencySetting(job.definition.concurrency, scope)
  if (setting === undefined) return () => undefined
  if (setting.group.toLowerCase() === runGroup?.toLowerCase()) {
    annotateError(
      job,
      `Canceling since a deadlock was detected for concurrency group: '${setting.group}' between a top level workflow and '${job.definition.key}'`,
    )
    return undefined
  }
  moveJob(runtime, job, 'pending')
  return await runtime.groupsOf(job.run.repository).enter({
    ...setting,
    signal: job.cancelled.signal,
    onReplaced: message => {
      annotateError(job, message)
      job.cancelled.abort()
    },
  })
}

async function run(runtime: ActionsRuntime, turn: JobTurn): Promise<void> {
  const { job, scope } = turn
  moveJob(runtime, job, 'in_progress')
  const limit = limitTime(runtime, job, scope)
  try {
    const result = await runJob(runtime, job, turn.needs)
    job.outputs = result.outputs
    completeJob(runtime, job, {
      conclusion: result.conclusion,
      isForgiven: evaluateFlag(job.definition.continueOnError, scope),
      environmentUrl: result.environmentUrl,
    })
  } finally {
    limit.abort()
  }
}

/** Cancels the job when it takes longer than `timeout-minutes`, and ends a cancelled one that does not end by itself. */
function limitTime({ timings }: ActionsRuntime, job: Job, scope: Scope): AbortController {
  const stop = new AbortController()
  const { timeoutMinutes, cancelTimeoutMinutes } = job.definition
  const minutes = minutesOf(timeoutMinutes, scope) ?? DEFAULT_TIMEOUT_MINUTES
  const cancelMinutes = minutesOf(cancelTimeoutMinutes, scope) ?? DEFAULT_CANCEL_MINUTES
  const later = (count: number, act: () => void) => {
    const due = delay(count * timings.minuteMs, undefined, { signal: stop.signal, ref: false })
    void due.then(act, () => undefined)
  }
  later(minutes, () => {
    annotateError(job, `The job has exceeded the maximum execution time of ${minutes} minutes`)
    job.cancelled.abort()
  })
  const onCancel = () => later(cancelMinutes, () => job.forced.abort())
  job.cancelled.signal.addEventListener('abort', onCancel, { once: true, signal: stop.signal })
  return stop
}

function minutesOf(node: TemplateNode | undefined, scope: Scope): number | undefined {
  return node === undefined ? undefined : Number(textOfJson(evaluateTemplate(node, scope)))
}

function wordsOf(error: unknown): string {
  if (error instanceof ExpressionFailure) return error.message
  return `The sandbox itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

function refuse(runtime: ActionsRuntime, job: Job, message: string): void {
  annotateError(job, message)
  completeJob(runtime, job, { conclusion: 'failure' })
}
