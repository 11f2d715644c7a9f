import { EventEmitter } from 'node:events'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import type { Job, RunAttempt, Workflow, WorkflowRun } from './workflow-run.ts'

/** All workflows and runs of a sandbox. */
export class RunStore {
  readonly #world: World
  readonly #runs: WorkflowRun[] = []
  readonly #workflows: Workflow[] = []
  readonly #changes = new EventEmitter<{ changed: [] }>().setMaxListeners(0)

  constructor(world: World) {
    this.#world = world
  }

  /** The workflow at a path; it exists from the first time that its file is seen. */
  workflowAt(repository: Repository, path: string): Workflow {
    const known = this.workflowsOf(repository).find(workflow => workflow.path === path)
    if (known !== undefined) return known
    const now = this.#world.now()
    const id = this.#world.nextId('workflow')
    const workflow: Workflow = { id, repository, path, name: path, createdAt: now, updatedAt: now }
    this.#workflows.push(workflow)
    return workflow
  }

  workflowsOf(repository: Repository): readonly Workflow[] {
    return this.#workflows.filter(workflow => workflow.repository.id === repository.id)
  }

  add(run: WorkflowRun): void {
    this.#runs.push(run)
    this.changed()
  }

  /** Newest first, as the API lists them. */
  runsOf(repository: Repository): readonly WorkflowRun[] {
    return this.#runs.filter(run => run.repository.id === repository.id).toReversed()
  }

  runs(): readonly WorkflowRun[] {
    return this.#runs
  }

  run(repository: Repository, id: number): WorkflowRun | undefined {
    return this.#runs.find(run => run.id === id && run.repository.id === repository.id)
  }

  job(repository: Repository, id: number): Job | undefined {
    return this.runsOf(repository)
      .flatMap(run => run.attempts.flatMap(attempt => attempt.jobs))
      .find(job => job.id === id)
  }

  /** The number that the next run of a workflow gets. */
  nextNumber(workflow: Workflow): number {
    return this.#runs.filter(run => run.workflow.id === workflow.id).length + 1
  }

  /** To be called after every change of a run or job, so that whoever waits looks again. */
  changed(): void {
    this.#changes.emit('changed')
  }

  /** Resolves with the first value that `look` finds, now or after a change; rejects when `signal` aborts. */
  until<Value>(look: () => Value | undefined, signal?: AbortSignal): Promise<Value> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#changes.off('changed', check)
        signal?.removeEventListener('abort', give)
      }
      const give = () => {
        end()
        reject(new Error('waiting for the runs of the sandbox was given up', { cause: signal?.reason }))
      }
      const check = () => {
        const value = look()
        if (value === undefined) return
        end()
        resolve(value)
      }
      this.#changes.on('changed', check)
      signal?.addEventListener('abort', give, { once: true })
      check()
    })
  }
}

/** Marks an attempt as changed now. */
export function touch(store: RunStore, attempt: RunAttempt, now: Date): void {
  attempt.updatedAt = now
  store.changed()
}
