import type { ActionsRuntime } from './actions-runtime.ts'
import { announceRun } from './announce.ts'
import { touch } from './run-store.ts'
import type { RunAttempt, RunConclusion, RunStatus, WorkflowRun } from './workflow-run.ts'

/** Brings the state of a running attempt up to date with its jobs. */
export function refreshRunStatus(runtime: ActionsRuntime, run: WorkflowRun, attempt: RunAttempt): void {
  if (attempt.status !== 'completed') setRunStatus(runtime, run, { attempt, status: statusOf(attempt) })
}

export function setRunStatus(
  runtime: ActionsRuntime,
  run: WorkflowRun,
  next: { readonly attempt: RunAttempt; readonly status: Exclude<RunStatus, 'completed'> },
): void {
  const { attempt, status } = next
  const isStarting = status === 'in_progress' && attempt.status !== 'in_progress'
  attempt.status = status
  touch(runtime.store, attempt, runtime.world.now())
  if (isStarting) announceRun(runtime.world, run, 'in_progress')
}

/** Ends an attempt. */
export function completeRun(
  runtime: ActionsRuntime,
  run: WorkflowRun,
  end: { readonly attempt: RunAttempt; readonly conclusion: RunConclusion },
): void {
  end.attempt.status = 'completed'
  end.attempt.conclusion = end.conclusion
  touch(runtime.store, end.attempt, runtime.world.now())
  announceRun(runtime.world, run, 'completed')
}

/** How a run ended, by how its jobs did. */
export function conclusionOf(attempt: RunAttempt): RunConclusion {
  const results = attempt.jobs.map(job => job.result)
  if (results.includes('failure')) return 'failure'
  if (results.includes('cancelled') || attempt.cancelled.signal.aborted) return 'cancelled'
  return results.every(result => result === 'skipped') ? 'skipped' : 'success'
}

function statusOf(attempt: RunAttempt): Exclude<RunStatus, 'completed'> {
  const states = attempt.jobs.map(job => job.status)
  for (const state of ['in_progress', 'waiting', 'pending', 'queued'] as const) if (states.includes(state)) return state
  // Between two jobs: those so far are over, the next are about to be created.
  return states.length === 0 ? 'queued' : 'in_progress'
}
