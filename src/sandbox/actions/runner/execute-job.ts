import { ExpressionFailure } from '../expression/evaluate-expression.ts'
import { evaluateText, evaluateTexts } from '../expression/evaluate-template.ts'
import { entryOf } from '../workflow/template-node.ts'
import type { JobAssignment, JobObserver, JobResult, StepRecord } from './job-assignment.ts'
import { prepareJobDirectories } from './job-directories.ts'
import { createJobState, type JobState, setDeclaredVariables, standingOf, stepScope } from './job-state.ts'
import { endOrphanProcesses } from './orphan-processes.ts'
import { type PreparedStep, prepareStep } from './prepare-step.ts'
import { phaseName, runPhase } from './run-phase.ts'
import { reportError, reportWarning } from './step-output.ts'
import type { Phase } from './step-phase.ts'

/** Runs one job from "Set up job" to "Complete job" and says how it ended. Never throws for what the workflow did. */
export async function executeJob(assignment: JobAssignment, observer: JobObserver): Promise<JobResult> {
  const job = createJobState(assignment, observer)
  let outputs: Readonly<Record<string, string>> = {}
  let environmentUrl: string | undefined
  try {
    const steps = await setUp(job)
    const posts = await runMain(job, steps)
    environmentUrl = evaluatedUrl(job)
    for (const post of posts.toReversed()) await runPhase(job, post, addRecord(job, phaseName(job, post)))
    outputs = jobOutputs(job)
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error
    job.hasFailed = true
    reportError(job, error.message)
  } finally {
    await complete(job)
  }
  const standing = standingOf(job)
  return { conclusion: standing === 'skipped' ? 'success' : standing, outputs, environmentUrl }
}

async function setUp(job: JobState): Promise<readonly PreparedStep[]> {
  const record = addRecord(job, 'Set up job')
  record.status = 'in_progress'
  record.startedAt = job.assignment.clock.now()
  await prepareJobDirectories(job.directories, job.assignment.event)
  setDeclaredVariables(job)
  const steps = await Promise.all(job.assignment.definition.steps.map(step => prepareStep(job, step)))
  finish(job, record)
  return steps
}

/** Runs pre and main of every step; returns the post phases of those that began, in their order. */
async function runMain(job: JobState, steps: readonly PreparedStep[]): Promise<readonly Phase[]> {
  for (const step of steps)
    if (step.pre !== undefined) await runPhase(job, step.pre, addRecord(job, phaseName(job, step.pre)))
  const records = steps.map(step => addRecord(job, phaseName(job, step.main)))
  const posts: Phase[] = []
  for (const [index, step] of steps.entries()) {
    const record = records[index] ?? addRecord(job, '')
    const hasRun = await runPhase(job, step.main, record)
    const post = hasRun ? step.post() : undefined
    if (post !== undefined) posts.push(post)
  }
  return posts
}

async function complete(job: JobState): Promise<void> {
  const record = addRecord(job, 'Complete job')
  record.status = 'in_progress'
  record.startedAt = job.assignment.clock.now()
  job.observer.onLog('Cleaning up orphan processes')
  for (const { pid, name } of await endOrphanProcesses(job.assignment.trackingId))
    job.observer.onLog(`Terminate orphan process: pid (${pid}) (${name})`)
  finish(job, record)
}

function jobOutputs(job: JobState): Readonly<Record<string, string>> {
  const values = Object.entries(evaluateTexts(job.assignment.definition.outputs, stepScope(job)))
  return Object.fromEntries(
    values.filter(([name, value]) => {
      if (!job.observer.reveals(value)) return true
      reportWarning(job, `Skip output '${name}' since it may contain secret.`)
      return false
    }),
  )
}

/** `environment.url`; it may speak of steps, therefore it is known only now. */
function evaluatedUrl(job: JobState): string | undefined {
  return evaluateText(entryOf(job.assignment.definition.environment, 'url'), stepScope(job)) || undefined
}

function addRecord(job: JobState, name: string): StepRecord {
  const record: StepRecord = {
    number: job.observer.steps.length + 1,
    name,
    status: 'queued',
    conclusion: null,
    startedAt: null,
    completedAt: null,
  }
  job.observer.steps.push(record)
  return record
}

function finish(job: JobState, record: StepRecord): void {
  record.status = 'completed'
  record.conclusion = 'success'
  record.completedAt = job.assignment.clock.now()
}
