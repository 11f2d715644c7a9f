import type { Environment } from '../../world/environment.ts'
import type { Settings } from '../../world/setting.ts'
import type { World } from '../../world.ts'
import type { Scope } from '../expression/evaluate-expression.ts'
import type { Json } from '../expression/json.ts'
import { type Standing, statusFunctions } from '../expression/status-functions.ts'
import { runContext } from './github-context.ts'
import type { Job, RunAttempt, WorkflowRun } from './workflow-run.ts'

/** What expressions of a workflow see before a job runs: `run-name`, `concurrency`, `if`, `environment`. */
export function runScope(
  world: World,
  run: WorkflowRun,
  at: { readonly attempt: RunAttempt; readonly needs?: readonly Job[]; readonly standing?: Standing },
): Scope {
  return {
    contexts: {
      github: { ...runContext(world, run, at.attempt), event: run.trigger.payload },
      inputs: run.trigger.inputs,
      vars: variablesFor(run, undefined),
      needs: needsContext(at.needs ?? []),
    },
    functions: statusFunctions(at.standing ?? 'success'),
  }
}

export function needsContext(needs: readonly Job[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    needs.map(job => [job.definition.key, { result: job.result ?? 'skipped', outputs: job.outputs }]),
  )
}

/** Variables of organisation, repository and environment; the nearest wins. */
export function variablesFor(run: WorkflowRun, environment: Environment | undefined): Readonly<Record<string, string>> {
  const { repository } = run
  return merged([repository.owner.variables, repository.variables, environment?.variables])
}

/** Secrets likewise; a pull request of a fork sees none. */
export function secretsFor(run: WorkflowRun, environment: Environment | undefined): Readonly<Record<string, string>> {
  if (run.trigger.pull?.isFork === true) return {}
  const { repository } = run
  return merged([repository.owner.secrets, repository.secrets, environment?.secrets])
}

function merged(layers: readonly (Settings | undefined)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    layers.flatMap(layer => [...(layer?.values() ?? [])].map(setting => [setting.name, setting.value])),
  )
}
