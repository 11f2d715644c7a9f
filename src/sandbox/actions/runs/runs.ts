import type { Repository } from '../../world/repository.ts'
import type { RunDesk } from './run-desk.ts'
import type { RunStore } from './run-store.ts'
import { currentAttempt, type Job, type WorkflowRun } from './workflow-run.ts'

/** Runs, to look at and to wait for. */
export interface Runs {
  /** Newest first. */
  of(repository: Repository): readonly WorkflowRun[]
  find(repository: Repository, runId: number): WorkflowRun | undefined
  job(repository: Repository, jobId: number): Job | undefined
  /** Resolves when the newest attempt of the run has ended; rejects when `signal` aborts. */
  completed(run: WorkflowRun, signal?: AbortSignal): Promise<WorkflowRun>
  /** Resolves with the first value that `look` finds, now or after any change of a run, job or log. */
  until<Value>(look: () => Value | undefined, signal?: AbortSignal): Promise<Value>
  /** Resolves when every event so far has been turned into runs. */
  settled(): Promise<void>
  /** The log of a whole run as text: every job under its name, and what kept it from starting. */
  logOf(run: WorkflowRun): string
}

export function createRuns(store: RunStore, desk: RunDesk): Runs {
  return {
    of: repository => store.runsOf(repository),
    find: (repository, runId) => store.run(repository, runId),
    job: (repository, jobId) => store.job(repository, jobId),
    completed: (run, signal) =>
      store.until(() => (currentAttempt(run).status === 'completed' ? run : undefined), signal),
    until: (look, signal) => store.until(look, signal),
    settled: () => desk.settled(),
    logOf(run) {
      const { problems, notices, jobs } = currentAttempt(run)
      return [
        ...problems,
        ...notices,
        ...jobs.map(job => `=== ${job.name} (${job.conclusion ?? job.status})\n${job.log.text()}`),
      ].join('\n')
    },
  }
}
