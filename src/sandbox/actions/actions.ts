import { join } from 'node:path'
import type { SandboxPart } from '../part.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { actionsRoutes } from './routes.ts'
import { RUNNER_TIMINGS, type RunnerTimings } from './runner/timings.ts'
import type { ActionsRuntime } from './runs/actions-runtime.ts'
import { type ConcurrencyGroups, createConcurrencyGroups } from './runs/concurrency-groups.ts'
import { RunDesk } from './runs/run-desk.ts'
import { RunStore } from './runs/run-store.ts'
import { createRunnerSlots } from './runs/runner-slots.ts'
import { createRuns, type Runs } from './runs/runs.ts'

export interface ActionsOptions {
  readonly world: World
  /** Where jobs get their work directories. */
  readonly directory: string
  /** How many jobs run at a time. Default 2. */
  readonly slots?: number
  /** Directories of actions by `owner/name`, whatever version a workflow asks for. */
  readonly actions?: Readonly<Record<string, string>>
  /** What every step finds in its environment because the runner's machine has it there. */
  readonly machineVariables?: Readonly<Record<string, string>>
  /** What the runner waits for; what is not given is as on GitHub. */
  readonly timings?: Partial<RunnerTimings>
}

/** GitHub Actions of the sandbox. */
export interface Actions extends SandboxPart {
  /** All runs, to read and to wait for. */
  readonly runs: Runs
  /** What the routes do, for whoever is not on the network: the sandbox's own page. */
  readonly desk: RunDesk
}

/** Starts listening to the world: from now on events start runs. */
export function openActions(options: ActionsOptions): Actions {
  const { world } = options
  const groups = new Map<number, ConcurrencyGroups>()
  const runtime: ActionsRuntime = {
    world,
    store: new RunStore(world),
    slots: createRunnerSlots(options.slots ?? 2),
    timings: { ...RUNNER_TIMINGS, ...options.timings },
    actions: options.actions ?? {},
    machineVariables: options.machineVariables ?? {},
    directory: join(options.directory, 'jobs'),
    groupsOf: (repository: Repository) => {
      const known = groups.get(repository.id) ?? createConcurrencyGroups()
      groups.set(repository.id, known)
      return known
    },
  }
  const desk = new RunDesk(runtime)
  const unsubscribe = world.subscribe(event => desk.hear(event))
  return {
    runs: createRuns(runtime.store, desk),
    desk,
    routes: actionsRoutes(runtime, desk),
    close: async () => {
      unsubscribe()
      await desk.close()
    },
  }
}
