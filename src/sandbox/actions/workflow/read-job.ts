import type { WorkflowTemplate } from '@actions/workflow-parser'
import type { JobDefinition, RunDefaults, StepDefinition } from './job-definition.ts'
import { readPermissions } from './permissions.ts'
import { entryOf, type TemplateNode, textOf, textsOf } from './template-node.ts'

type ParsedJob = Extract<WorkflowTemplate['jobs'][number], { type: 'job' }>

/**
 * Joins the two views of one job: the parser's template (checked conditions, step ids) and the token tree, which alone
 * still has `with`, `shell` and the other settings of steps.
 */
export function readJob(source: {
  readonly job: ParsedJob
  readonly node: TemplateNode
  readonly defaults: TemplateNode | undefined
}): JobDefinition {
  const { job, node } = source
  return {
    key: job.id.value,
    name: entryOf(node, 'name'),
    needs: textsOf(entryOf(node, 'needs')),
    condition: job.if.expression,
    runsOn: entryOf(node, 'runs-on'),
    environment: entryOf(node, 'environment'),
    concurrency: entryOf(node, 'concurrency'),
    permissions: readPermissions(entryOf(node, 'permissions')),
    env: entryOf(node, 'env'),
    outputs: entryOf(node, 'outputs'),
    defaults: runDefaults(entryOf(entryOf(node, 'defaults'), 'run'), source.defaults),
    timeoutMinutes: entryOf(node, 'timeout-minutes'),
    cancelTimeoutMinutes: entryOf(node, 'cancel-timeout-minutes'),
    continueOnError: entryOf(node, 'continue-on-error'),
    steps: readSteps(job.steps, entryOf(node, 'steps')),
  }
}

function runDefaults(job: TemplateNode | undefined, workflow: TemplateNode | undefined): RunDefaults {
  return {
    shell: entryOf(job, 'shell') ?? entryOf(workflow, 'shell'),
    workingDirectory: entryOf(job, 'working-directory') ?? entryOf(workflow, 'working-directory'),
  }
}

function readSteps(steps: ParsedJob['steps'], nodes: TemplateNode | undefined): readonly StepDefinition[] {
  const items = nodes?.kind === 'sequence' ? nodes.items : []
  return steps.flatMap((step, index) => readStep(step, items[index]) ?? [])
}

function readStep(step: ParsedJob['steps'][number], node: TemplateNode | undefined): StepDefinition | undefined {
  const base = {
    id: step.id,
    isNamed: entryOf(node, 'id') !== undefined,
    name: entryOf(node, 'name'),
    condition: step.if?.expression ?? 'success()',
    env: entryOf(node, 'env'),
    continueOnError: entryOf(node, 'continue-on-error'),
    timeoutMinutes: entryOf(node, 'timeout-minutes'),
  }
  const script = entryOf(node, 'run')
  if (script !== undefined) {
    const settings = { shell: entryOf(node, 'shell'), workingDirectory: entryOf(node, 'working-directory') }
    return { ...base, kind: 'run', script, ...settings }
  }
  const uses = textOf(entryOf(node, 'uses'))
  return uses === undefined ? undefined : { ...base, kind: 'uses', uses, with: entryOf(node, 'with') }
}
