import { type InputName, inputDefinitions } from '../../action/inputs.ts'
import { type OutputName, outputDefinitions } from '../../action/outputs.ts'
import type { RunResult } from '../../src/domain/result.ts'
import { isRunResult } from '../../src/domain/run-result-shape.ts'
import type { WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import { jobOf, type Workbench } from './workbench.ts'

const inputs = Object.keys(inputDefinitions).filter(name => name !== 'token')
const outputs = Object.keys(outputDefinitions)

/** A workflow that uses the Action with whatever inputs somebody wants, and shows its outputs. */
export const probeWorkflow = `name: probe
on: { workflow_dispatch: { inputs: { with: { type: string, required: true } } } }
permissions: {}
jobs:
  probe:
    runs-on: ubuntu-latest
    permissions: { contents: read, checks: read, deployments: write, statuses: write, actions: write, id-token: write }
    outputs:
${outputs.map(name => `      ${name}: \${{ steps.it.outputs.${name} }}\n`).join('')}    steps:
      - id: it
        uses: ringway/ringway@v0.1.0
        with:
          token: \${{ fromJSON(inputs.with).token || github.token }}
${inputs.map(name => `          ${name}: \${{ fromJSON(inputs.with)['${name}'] }}\n`).join('')}`

/** Where {@link probeWorkflow} stands in a repository. */
export const probePath = '.github/workflows/probe.yml'

/** How a run of the probe ended. */
export interface Probed {
  readonly run: WorkflowRun
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>
  /** What the output `result` holds. */
  readonly result: RunResult
}

/** Uses the Action with these inputs, waits for all that follows, and reads what it gave. */
export async function probe(bench: Workbench, wanted: Readonly<Partial<Record<InputName, string>>>): Promise<Probed> {
  const route = 'POST /actions/workflows/probe.yml/dispatches'
  const body = { ref: 'main', inputs: { with: JSON.stringify(wanted) }, return_run_details: true }
  const answer = await bench.api(bench.bob, route, body)
  await bench.quiet()
  const run = bench.runs.find(bench.repository, Number(Reflect.get(Object(answer.body), 'workflow_run_id')))
  if (run === undefined) throw new Error(`the probe was answered ${answer.status}`)
  const job = jobOf(run)
  const result: unknown = JSON.parse(job.outputs['result'] ?? 'null')
  if (!isRunResult(result)) throw new Error(`no result of a run: ${JSON.stringify(result)}\n${job.log.text()}`)
  return { run, outputs: job.outputs, result }
}
