import { setTimeout as delay } from 'node:timers/promises'
import { ExpressionFailure, evaluateExpression, isTruthy, textOfJson } from '../expression/evaluate-expression.ts'
import { evaluateFlag, evaluateTemplate, evaluateTexts } from '../expression/evaluate-template.ts'
import { type CollectedCommands, createFileCommands } from './file-commands.ts'
import type { Conclusion, StepRecord } from './job-assignment.ts'
import { type JobState, stepScope } from './job-state.ts'
import { createStepOutput, reportError, type StepOutput } from './step-output.ts'
import type { Phase, PhaseEnd } from './step-phase.ts'

/** Runs one phase if its condition asks for it, and books everything that it said. True when it ran. */
export async function runPhase(job: JobState, phase: Phase, record: StepRecord): Promise<boolean> {
  record.name = phaseName(job, phase)
  let outcome: Conclusion = 'skipped'
  let isForgiven = false
  try {
    if (!asksToRun(job, phase)) return false
    begin(job, record)
    isForgiven = evaluateFlag(phase.continueOnError, stepScope(job))
    outcome = await execute(job, phase)
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error
    reportError(job, error.message)
    outcome = 'failure'
  } finally {
    book({ job, phase, record, outcome, isForgiven })
  }
  return true
}

/** The name a person sees; known, as far as it can be, before the phase runs. */
export function phaseName(job: JobState, phase: Phase): string {
  try {
    return phase.name(stepScope(job))
  } catch {
    // What is wrong with the expression in the name shows when the step runs.
    return phase.outcomeId ?? 'step'
  }
}

/** Evaluates the condition as things stand now; asked again when a cancellation arrives while the phase runs. */
function asksToRun(job: JobState, phase: Phase): boolean {
  const variables = evaluateTexts(phase.env, stepScope(job))
  return isTruthy(evaluateExpression(phase.condition, stepScope(job, variables)))
}

function begin(job: JobState, record: StepRecord): void {
  record.status = 'in_progress'
  record.startedAt = job.assignment.clock.now()
}

function book(end: {
  readonly job: JobState
  readonly phase: Phase
  readonly record: StepRecord
  readonly outcome: Conclusion
  readonly isForgiven: boolean
}): void {
  const { job, phase, record, outcome } = end
  const conclusion = outcome === 'failure' && end.isForgiven ? 'success' : outcome
  if (conclusion === 'failure') job.hasFailed = true
  record.status = 'completed'
  record.conclusion = conclusion
  record.completedAt = job.assignment.clock.now()
  record.startedAt ??= record.completedAt
  if (phase.outcomeId === undefined) return
  const outputs = job.steps.get(phase.outcomeId)?.outputs ?? new Map<string, string>()
  job.steps.set(phase.outcomeId, { outputs, outcome, conclusion })
}

async function execute(job: JobState, phase: Phase): Promise<Conclusion> {
  const variables = evaluateTexts(phase.env, stepScope(job))
  const files = await createFileCommands(job.directories.fileCommands)
  const output = createStepOutput(job)
  const limit = cancellation(job, phase)
  let end: PhaseEnd
  try {
    const run = { job, variables, output, files: files.environment, cancelled: limit.signal }
    end = await phase.run(run)
  } finally {
    limit.end()
  }
  const commands = await files.collect()
  apply({ job, phase, output, commands })
  for (const problem of commands.problems) reportError(job, problem)
  return concluded({ job, end, timedOut: limit.timedOut(), hasProblems: commands.problems.length > 0 })
}

function concluded(facts: {
  readonly job: JobState
  readonly end: PhaseEnd
  readonly timedOut: string | undefined
  readonly hasProblems: boolean
}): Conclusion {
  if (facts.timedOut !== undefined) {
    reportError(facts.job, facts.timedOut)
    return 'failure'
  }
  if (facts.end.kind === 'cancelled') {
    reportError(facts.job, 'The operation was canceled.')
    return 'cancelled'
  }
  if (facts.end.kind === 'failed' && facts.end.message !== undefined) reportError(facts.job, facts.end.message)
  return facts.end.kind === 'failed' || facts.hasProblems ? 'failure' : 'success'
}

interface Cancellation {
  readonly signal: AbortSignal
  /** The words for a phase that took too long. */
  timedOut(): string | undefined
  end(): void
}

/**
 * The signal that ends a phase: cancellation of the job, unless its condition still holds in a cancelled job
 * (`always()`, `cancelled()`); a forced cancellation; its own time limit.
 */
function cancellation(job: JobState, phase: Phase): Cancellation {
  const { cancelled, forced, timings } = job.assignment
  const own = new AbortController()
  const clock = new AbortController()
  let late: string | undefined
  const onCancel = () => {
    if (!asksToRun(job, phase)) own.abort()
  }
  const onForce = () => own.abort()
  // A phase that begins in an already cancelled job asked for it.
  if (!cancelled.aborted) cancelled.addEventListener('abort', onCancel, { once: true })
  if (forced.aborted) own.abort()
  else forced.addEventListener('abort', onForce, { once: true })
  const minutes = minutesOf(job, phase)
  if (minutes !== undefined) {
    void delay(minutes * timings.minuteMs, undefined, { signal: clock.signal }).then(
      () => {
        late = `The action '${phaseName(job, phase)}' has timed out after ${minutes} minutes.`
        own.abort()
      },
      () => undefined,
    )
  }
  return {
    signal: own.signal,
    timedOut: () => late,
    end: () => {
      clock.abort()
      cancelled.removeEventListener('abort', onCancel)
      forced.removeEventListener('abort', onForce)
    },
  }
}

function minutesOf(job: JobState, phase: Phase): number | undefined {
  if (phase.timeoutMinutes === undefined) return undefined
  const minutes = Number(textOfJson(evaluateTemplate(phase.timeoutMinutes, stepScope(job))))
  return minutes > 0 ? minutes : undefined
}

// Variables that would change how the runner's own Node starts; GitHub refuses them too.
const REFUSED_VARIABLES = new Set(['NODE_OPTIONS'])

function apply(said: {
  readonly job: JobState
  readonly phase: Phase
  readonly output: StepOutput
  readonly commands: CollectedCommands
}): void {
  const { job, phase, output, commands } = said
  for (const [name, value] of commands.variables) {
    if (REFUSED_VARIABLES.has(name.toUpperCase()))
      reportError(job, `Can't store ${name} output parameter using '$GITHUB_ENV' command.`)
    else job.variables.set(name, value)
  }
  job.paths.push(...commands.paths)
  for (const [name, value] of [...output.state, ...commands.state]) phase.savedState.set(name, value)
  if (commands.summary !== '') job.observer.onSummary(commands.summary)
  if (phase.outcomeId === undefined) return
  const outputs = new Map([...output.outputs, ...commands.outputs])
  // Filed before the phase has an outcome; `book` adds that.
  job.steps.set(phase.outcomeId, { outputs, outcome: 'success', conclusion: 'success' })
}
