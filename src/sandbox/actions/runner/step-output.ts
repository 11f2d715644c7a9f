import type { JobAnnotation } from './job-assignment.ts'
import { isDebugging, type JobState } from './job-state.ts'
import { parseWorkflowCommand, type WorkflowCommand } from './workflow-command.ts'

/** What a step says through its output: log lines and commands to the runner. */
export interface StepOutput {
  readonly onLine: (line: string) => void
  /** Values set by the old `::set-output` and `::save-state`, which actions of a certain age still print. */
  readonly outputs: Map<string, string>
  readonly state: Map<string, string>
}

const LEVELS: Readonly<Record<string, JobAnnotation['level']>> = {
  error: 'failure',
  warning: 'warning',
  notice: 'notice',
}

export function createStepOutput(job: JobState): StepOutput {
  const outputs = new Map<string, string>()
  const state = new Map<string, string>()
  const isDebug = isDebugging(job)
  let stopToken: string | undefined

  const obey = (command: WorkflowCommand, line: string): void => {
    const level = LEVELS[command.name]
    if (level !== undefined) return annotate(job, level, command)
    switch (command.name) {
      case 'add-mask':
        // The value itself must not be logged on the way.
        job.observer.addMask(command.data)
        return job.observer.onLog('::add-mask::***')
      case 'debug':
        return isDebug ? job.observer.onLog(`##[debug]${command.data}`) : undefined
      case 'group':
      case 'endgroup':
        return job.observer.onLog(`##[${command.name}]${command.data}`)
      case 'set-output':
        outputs.set(command.properties['name'] ?? '', command.data)
        return undefined
      case 'save-state':
        state.set(command.properties['name'] ?? '', command.data)
        return undefined
      case 'stop-commands':
        stopToken = command.data
        return job.observer.onLog(line)
      default:
        return job.observer.onLog(line)
    }
  }

  const onLine = (line: string): void => {
    if (stopToken !== undefined) {
      if (line.trim() === `::${stopToken}::`) stopToken = undefined
      return job.observer.onLog(line)
    }
    const command = parseWorkflowCommand(line)
    return command === undefined ? job.observer.onLog(line) : obey(command, line)
  }
  return { onLine, outputs, state }
}

function annotate(job: JobState, level: JobAnnotation['level'], command: WorkflowCommand): void {
  const { properties, data } = command
  job.observer.onLog(`##[${command.name}]${data}`)
  const line = positive(properties['line']) ?? 1
  job.observer.onAnnotation({
    level,
    message: data,
    title: properties['title'] ?? null,
    // Where a message belongs to no file, GitHub files it under `.github`.
    path: properties['file'] ?? '.github',
    startLine: line,
    endLine: positive(properties['endLine']) ?? line,
    startColumn: positive(properties['col']) ?? null,
    endColumn: positive(properties['endColumn']) ?? null,
  })
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text)
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : undefined
}

/** An error of the runner itself about a step. */
export function reportError(job: JobState, message: string): void {
  annotate(job, 'failure', { name: 'error', properties: {}, data: message })
}

/** A warning of the runner itself about a step. */
export function reportWarning(job: JobState, message: string): void {
  annotate(job, 'warning', { name: 'warning', properties: {}, data: message })
}
