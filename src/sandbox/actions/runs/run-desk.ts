import type { Account } from '../../world/account.ts'
import type { WorldEvent } from '../../world/event.ts'
import type { Repository } from '../../world/repository.ts'
import { type DispatchRequest, dispatchedRun } from '../triggers/dispatch-run.ts'
import { isOfRepository } from '../triggers/repository-event.ts'
import { runsFor } from '../triggers/start-runs.ts'
import { createWorkflowFiles, type WorkflowFiles } from '../triggers/workflow-files.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import { createRun, newAttempt } from './create-run.ts'
import { cancelAttempt, driveRun, forceCancelAttempt } from './drive-run.ts'
import { completeRun } from './run-status.ts'
import { currentAttempt, type Job, type RunAttempt, type Workflow, type WorkflowRun } from './workflow-run.ts'

/** Where runs are started, cancelled and started again. */
export class RunDesk {
  readonly files: WorkflowFiles = createWorkflowFiles()
  readonly #runtime: ActionsRuntime
  readonly #driven = new Set<Promise<void>>()
  /** One line per repository: runs are recorded in the order of the events that asked for them. */
  readonly #lines = new Map<number, Promise<unknown>>()
  #isClosed = false

  constructor(runtime: ActionsRuntime) {
    this.#runtime = runtime
  }

  /** Starts the runs that an event asks for. */
  hear(event: WorldEvent): void {
    if (!isOfRepository(event)) return
    void this.#inLine(event.repository, async () => {
      for (const request of await runsFor(this.#runtime, this.files, event))
        this.#drive(await createRun(this.#runtime, request), [])
    })
  }

  /** Starts a run by hand; the event goes out before the run exists, as on GitHub. */
  async dispatch(request: DispatchRequest): Promise<WorkflowRun> {
    const { run, event } = await dispatchedRun(this.#runtime, this.files, request)
    this.#runtime.world.emit(event)
    return await this.#inLine(request.repository, async () => {
      const created = await createRun(this.#runtime, run)
      this.#drive(created, [])
      return created
    })
  }

  /** Looks at the default branch: workflows are listed although nothing was pushed yet. */
  async refreshWorkflows(repository: Repository): Promise<readonly Workflow[]> {
    const { store } = this.#runtime
    const commit = await repository.git.commitOf(`refs/heads/${repository.defaultBranch}`)
    const files = commit === undefined ? [] : await this.files.at(repository, commit)
    for (const file of files) store.workflowAt(repository, file.path).name = file.name
    return store.workflowsOf(repository)
  }

  /** Cancels what is running or waiting. False when the run has ended already. */
  cancel(run: WorkflowRun): boolean {
    const attempt = currentAttempt(run)
    if (attempt.status === 'completed') return false
    cancelAttempt(this.#runtime, run, attempt)
    return true
  }

  /** Cancels without asking `always()`. False when the run has ended already. */
  forceCancel(run: WorkflowRun): boolean {
    const attempt = currentAttempt(run)
    if (attempt.status === 'completed') return false
    forceCancelAttempt(attempt)
    return true
  }

  /** Starts a run again; jobs in `kept` keep their outcome. */
  rerun(run: WorkflowRun, by: Account, kept: readonly Job[]): RunAttempt {
    const earlier = currentAttempt(run)
    const attempt = newAttempt(this.#runtime, run.file, { number: earlier.number + 1, by })
    run.attempts.push(attempt)
    this.#drive(run, kept)
    return attempt
  }

  /** Resolves when every event so far has been turned into runs. */
  async settled(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all(this.#lines.values())
  }

  /** Ends all runs at once. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.settled()
    for (const run of this.#runtime.store.runs()) forceCancelAttempt(currentAttempt(run))
    await Promise.all(this.#driven)
  }

  #drive(run: WorkflowRun, kept: readonly Job[]): void {
    const attempt = currentAttempt(run)
    // On the next turn, so that whoever started the run sees it queued, and hears of it first.
    const driven = Promise.resolve()
      .then(() => driveRun(this.#runtime, { run, attempt, kept }))
      .catch((error: unknown) => this.#endBroken(run, attempt, error))
      .finally(() => this.#driven.delete(driven))
    this.#driven.add(driven)
  }

  /** The sandbox itself failed: the run says so instead of staying unfinished for ever. */
  #endBroken(run: WorkflowRun, attempt: RunAttempt, error: unknown): void {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
    attempt.problems = [...attempt.problems, `The sandbox itself failed: ${words}`]
    if (attempt.status !== 'completed') completeRun(this.#runtime, run, { attempt, conclusion: 'failure' })
  }

  #inLine<Value>(repository: Repository, work: () => Promise<Value>): Promise<Value> {
    const before = this.#lines.get(repository.id) ?? Promise.resolve()
    const after = before.then(() => {
      if (this.#isClosed) throw new Error('the sandbox is closed')
      return work()
    })
    const line = after
      .catch(() => undefined)
      .finally(() => {
        if (this.#lines.get(repository.id) === line) this.#lines.delete(repository.id)
      })
    this.#lines.set(repository.id, line)
    return after
  }
}
