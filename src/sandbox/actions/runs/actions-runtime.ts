import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import type { RunnerTimings } from '../runner/timings.ts'
import type { ConcurrencyGroups } from './concurrency-groups.ts'
import type { RunStore } from './run-store.ts'
import type { RunnerSlots } from './runner-slots.ts'

/** What all runs of a sandbox share. */
export interface ActionsRuntime {
  readonly world: World
  readonly store: RunStore
  readonly slots: RunnerSlots
  readonly timings: RunnerTimings
  /** Directories of actions by `owner/name`. */
  readonly actions: Readonly<Record<string, string>>
  readonly machineVariables: Readonly<Record<string, string>>
  /** Where jobs get their work directories. */
  readonly directory: string
  readonly groupsOf: (repository: Repository) => ConcurrencyGroups
}
