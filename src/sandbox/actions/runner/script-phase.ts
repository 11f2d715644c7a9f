import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { evaluateText } from '../expression/evaluate-template.ts'
import type { RunStepDefinition } from '../workflow/job-definition.ts'
import { stepScope } from './job-state.ts'
import { runProcess } from './run-process.ts'
import { shellCommand } from './shell.ts'
import { stepEnvironment } from './step-environment.ts'
import type { Phase, PhaseEnd, PhaseRun } from './step-phase.ts'

/** A `run:` step. */
export function scriptPhase(step: RunStepDefinition): Phase {
  return {
    name: scope => evaluateText(step.name, scope) ?? `Run ${firstLine(evaluateText(step.script, scope) ?? '')}`,
    condition: step.condition,
    env: step.env,
    timeoutMinutes: step.timeoutMinutes,
    continueOnError: step.continueOnError,
    outcomeId: step.id,
    savedState: new Map(),
    run: run => runScript(step, run),
  }
}

function firstLine(script: string): string {
  return script.trim().split('\n')[0] ?? ''
}

async function runScript(step: RunStepDefinition, run: PhaseRun): Promise<PhaseEnd> {
  const { job } = run
  const { defaults } = job.assignment.definition
  const scope = stepScope(job, run.variables)
  const script = evaluateText(step.script, scope) ?? ''
  const shell = evaluateText(step.shell ?? defaults.shell, scope)
  const file = join(job.directories.temp, `${randomUUID()}.sh`)
  const command = shellCommand(shell, file)
  if (command === undefined)
    return { kind: 'failed', message: `The shell \`${shell}\` is unknown; use bash, sh, python or a command with {0}.` }

  const named = evaluateText(step.workingDirectory ?? defaults.workingDirectory, scope) ?? '.'
  const directory = resolve(job.directories.workspace, named)
  await writeFile(file, script.endsWith('\n') ? script : `${script}\n`)
  job.observer.onLog(`##[group]Run ${firstLine(script)}\n${script.trimEnd()}\n##[endgroup]`)
  const end = await runProcess({
    command: command.command,
    args: command.args,
    directory,
    environment: stepEnvironment(job, { action: step.id, variables: run.variables, files: run.files }),
    onLine: run.output.onLine,
    cancelled: run.cancelled,
    forced: job.assignment.forced,
    timings: job.assignment.timings,
  })
  if (end.kind === 'cancelled') return end
  if (end.kind === 'not_started')
    return { kind: 'failed', message: `${command.command} cannot be started in ${directory}: ${end.message}` }
  if (end.code === 0) return { kind: 'succeeded' }
  return { kind: 'failed', message: `Process completed with exit code ${end.code}.` }
}
