import { resolve } from 'node:path'
import { evaluateText } from '../expression/evaluate-template.ts'
import type { ActionStepDefinition, StepDefinition } from '../workflow/job-definition.ts'
import { type ActionMetadata, readActionMetadata } from './action-metadata.ts'
import { checkout, forgetCredentials } from './checkout-action.ts'
import type { JobState } from './job-state.ts'
import { runNodeScript, warnOfUnknownInputs } from './node-action.ts'
import { scriptPhase } from './script-phase.ts'
import type { Phase, PhaseRun } from './step-phase.ts'

/** The phases of one step; pre and post exist only where its action has them. */
export interface PreparedStep {
  readonly pre: Phase | undefined
  readonly main: Phase
  /** Asked for when main has run: only then is it known of an action in the workspace. */
  readonly post: () => Phase | undefined
}

/** What the runner knows before anything ran: an action by name is read now, one in the workspace when its turn comes. */
export async function prepareStep(job: JobState, step: StepDefinition): Promise<PreparedStep> {
  if (step.kind === 'run') return { pre: undefined, main: scriptPhase(step), post: () => undefined }
  if (isCheckout(step.uses)) return preparedCheckout(step)
  if (step.uses.startsWith('./')) return preparedLocalAction(job, step)
  const directory = actionDirectory(job.assignment.actions, step.uses)
  if (directory === undefined) return failing(step, unknownActionMessage(step.uses))
  const result = await readActionMetadata(directory)
  return result.kind === 'read' ? preparedNodeAction(step, result.metadata) : failing(step, result.message)
}

/** The directory of an action that was given to the sandbox by name, whatever its version. */
function actionDirectory(actions: Readonly<Record<string, string>>, uses: string): string | undefined {
  const match = /^([^/@]+\/[^/@]+)(\/[^@]+)?@.+$/.exec(uses)
  const name = match?.[1]?.toLowerCase()
  const root = Object.entries(actions).find(([key]) => key.toLowerCase() === name)?.[1]
  return root === undefined ? undefined : resolve(root, `.${match?.[2] ?? ''}`)
}

/** Can this `uses` be run at all? Asked before a run starts. */
export function isKnownAction(actions: Readonly<Record<string, string>>, uses: string): boolean {
  return uses.startsWith('./') || isCheckout(uses) || actionDirectory(actions, uses) !== undefined
}

export function unknownActionMessage(uses: string): string {
  return `\`${uses}\` is unknown: the sandbox has \`actions/checkout\`, local actions (\`./…\`) and those it was given by name.`
}

function isCheckout(uses: string): boolean {
  return /^actions\/checkout@.+$/i.test(uses)
}

type Running = Pick<Phase, 'run'>

function phase(step: ActionStepDefinition, kind: 'pre' | 'main' | 'post', own: Running & Partial<Phase>): Phase {
  const prefix = { pre: 'Pre ', main: '', post: 'Post ' }[kind]
  return {
    name: scope => `${prefix}${evaluateText(step.name, scope) ?? `Run ${step.uses}`}`,
    condition: step.condition,
    env: step.env,
    timeoutMinutes: kind === 'main' ? step.timeoutMinutes : undefined,
    continueOnError: step.continueOnError,
    outcomeId: kind === 'main' ? step.id : undefined,
    savedState: new Map(),
    ...own,
  }
}

function preparedCheckout(step: ActionStepDefinition): PreparedStep {
  const run = (phaseRun: PhaseRun) => checkout(step, phaseRun)
  const post = phase(step, 'post', { condition: 'always()', run: phaseRun => forgetCredentials(step, phaseRun) })
  return { pre: undefined, main: phase(step, 'main', { run }), post: () => post }
}

function preparedNodeAction(step: ActionStepDefinition, metadata: ActionMetadata): PreparedStep {
  // One store for all phases: what pre and main save, post reads.
  const savedState = new Map<string, string>()
  const script = (path: string) => (run: PhaseRun) => runNodeScript({ step, metadata, script: path, savedState }, run)
  const runMain = (run: PhaseRun) => {
    warnOfUnknownInputs(run.job, step, metadata)
    return script(metadata.main)(run)
  }
  const { pre, post, preCondition, postCondition } = metadata
  const after =
    post === undefined ? undefined : phase(step, 'post', { condition: postCondition, savedState, run: script(post) })
  return {
    pre: pre === undefined ? undefined : phase(step, 'pre', { condition: preCondition, savedState, run: script(pre) }),
    main: phase(step, 'main', { savedState, run: runMain }),
    post: () => after,
  }
}

/** An action of the workspace cannot be read before a checkout has put it there. */
function preparedLocalAction(job: JobState, step: ActionStepDefinition): PreparedStep {
  const savedState = new Map<string, string>()
  let after: Phase | undefined
  const run = async (phaseRun: PhaseRun) => {
    const result = await readActionMetadata(resolve(job.directories.workspace, step.uses))
    if (result.kind === 'unusable') return { kind: 'failed', message: result.message } as const
    const { metadata } = result
    const { post } = metadata
    if (post !== undefined) {
      const runPost = (postRun: PhaseRun) => runNodeScript({ step, metadata, script: post, savedState }, postRun)
      after = phase(step, 'post', { condition: metadata.postCondition, savedState, run: runPost })
    }
    warnOfUnknownInputs(job, step, metadata)
    return await runNodeScript({ step, metadata, script: metadata.main, savedState }, phaseRun)
  }
  return { pre: undefined, main: phase(step, 'main', { savedState, run }), post: () => after }
}

function failing(step: ActionStepDefinition, message: string): PreparedStep {
  const main = phase(step, 'main', { run: async () => ({ kind: 'failed', message }) })
  return { pre: undefined, main, post: () => undefined }
}
