import { join } from 'node:path'
import { evaluateText, evaluateTexts } from '../expression/evaluate-template.ts'
import type { ActionStepDefinition } from '../workflow/job-definition.ts'
import { entriesOf } from '../workflow/template-node.ts'
import type { ActionMetadata } from './action-metadata.ts'
import { type JobState, stepScope } from './job-state.ts'
import { runProcess } from './run-process.ts'
import { stepEnvironment } from './step-environment.ts'
import { reportWarning } from './step-output.ts'
import type { PhaseEnd, PhaseRun } from './step-phase.ts'

/** One script of a JavaScript action, run by the Node that runs the sandbox. */
export async function runNodeScript(
  action: {
    readonly step: ActionStepDefinition
    readonly metadata: ActionMetadata
    readonly script: string
    readonly savedState: ReadonlyMap<string, string>
  },
  run: PhaseRun,
): Promise<PhaseEnd> {
  const { step, metadata, savedState } = action
  const { job } = run
  const inputs = actionInputs(job, { step, metadata, variables: run.variables })
  logInvocation(job, step, inputs)
  const environment = stepEnvironment(job, { action: step.id, variables: run.variables, files: run.files })
  const end = await runProcess({
    command: process.execPath,
    args: [join(metadata.directory, action.script)],
    directory: job.directories.workspace,
    environment: {
      ...environment,
      ...actionNames(step.uses),
      ...Object.fromEntries([...inputs].map(([name, value]) => [inputVariable(name), value])),
      ...Object.fromEntries([...savedState].map(([name, value]) => [`STATE_${name}`, value])),
    },
    onLine: run.output.onLine,
    cancelled: run.cancelled,
    forced: job.assignment.forced,
    timings: job.assignment.timings,
  })
  if (end.kind === 'cancelled') return end
  if (end.kind === 'not_started') return { kind: 'failed', message: `The action cannot be started: ${end.message}` }
  // An action that fails has said why through `::error::`; the runner adds nothing of its own.
  return { kind: end.code === 0 ? 'succeeded' : 'failed' }
}

/** INPUT_ and the name in capitals, spaces as underscores; hyphens stay, as on the runner. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

function actionInputs(
  job: JobState,
  source: {
    readonly step: ActionStepDefinition
    readonly metadata: ActionMetadata
    readonly variables: Readonly<Record<string, string>>
  },
): ReadonlyMap<string, string> {
  const scope = stepScope(job, source.variables)
  const given = Object.entries(evaluateTexts(source.step.with, scope))
  const values = new Map(given.map(([name, value]) => [name.toLowerCase(), value]))
  for (const [name, { fallback }] of source.metadata.inputs) {
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), evaluateText(fallback, scope) ?? '')
  }
  return values
}

/** Warns of inputs in `with` that the action does not have; it runs all the same, as on GitHub. */
export function warnOfUnknownInputs(job: JobState, step: ActionStepDefinition, metadata: ActionMetadata): void {
  const known = [...metadata.inputs.keys()]
  const lower = new Set(known.map(name => name.toLowerCase()))
  const unknown = [...entriesOf(step.with).keys()].filter(name => !lower.has(name.toLowerCase()))
  if (unknown.length === 0) return
  const quote = (names: readonly string[]) => names.map(name => `'${name}'`).join(', ')
  reportWarning(job, `Unexpected input(s) ${quote(unknown)}, valid inputs are [${quote(known)}]`)
}

function actionNames(uses: string): Readonly<Record<string, string>> {
  const match = /^([^/]+\/[^/@]+)(?:\/[^@]*)?@(.+)$/.exec(uses)
  return { GITHUB_ACTION_REPOSITORY: match?.[1] ?? '', GITHUB_ACTION_REF: match?.[2] ?? '' }
}

function logInvocation(job: JobState, step: ActionStepDefinition, inputs: ReadonlyMap<string, string>): void {
  const lines = [...inputs].filter(([, value]) => value !== '').map(([name, value]) => `  ${name}: ${value}`)
  const shown = lines.length === 0 ? [] : ['with:', ...lines]
  job.observer.onLog([`##[group]Run ${step.uses}`, ...shown, '##[endgroup]'].join('\n'))
}
