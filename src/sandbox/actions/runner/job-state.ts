import { join } from 'node:path'
import type { Scope } from '../expression/evaluate-expression.ts'
import { evaluateTexts } from '../expression/evaluate-template.ts'
import { hashFiles } from '../expression/hash-files.ts'
import type { Json } from '../expression/json.ts'
import { type Standing, statusFunctions } from '../expression/status-functions.ts'
import type { Conclusion, JobAssignment, JobObserver } from './job-assignment.ts'
import { type JobDirectories, jobDirectories } from './job-directories.ts'

/** A running job: what its steps have said and done so far. */
export interface JobState {
  readonly assignment: JobAssignment
  readonly observer: JobObserver
  readonly directories: JobDirectories
  /** `env` of workflow and job, then what steps wrote to GITHUB_ENV. */
  readonly variables: Map<string, string>
  /** What steps wrote to GITHUB_PATH; the newest is found first. */
  readonly paths: string[]
  /** `steps.<id>` */
  readonly steps: Map<string, StepOutcome>
  hasFailed: boolean
}

interface StepOutcome {
  readonly outputs: Map<string, string>
  /** Before `continue-on-error`. */
  outcome: Conclusion
  /** After it. */
  conclusion: Conclusion
}

export function createJobState(assignment: JobAssignment, observer: JobObserver): JobState {
  const repository = String(assignment.contexts.github['repository'])
  return {
    assignment,
    observer,
    directories: jobDirectories(assignment.directory, repository),
    variables: new Map(),
    paths: [],
    steps: new Map(),
    hasFailed: false,
  }
}

/** Evaluates `env` of workflow and job; the job's may refer to the workflow's. */
export function setDeclaredVariables(state: JobState): void {
  for (const node of [state.assignment.workflowEnv, state.assignment.definition.env]) {
    const values = evaluateTexts(node, stepScope(state))
    for (const [name, value] of Object.entries(values)) state.variables.set(name, value)
  }
}

/** How the job stands, as `if` conditions see it. */
export function standingOf(state: JobState): Standing {
  if (state.assignment.cancelled.aborted) return 'cancelled'
  return state.hasFailed ? 'failure' : 'success'
}

/** Has somebody asked for the runner's debug output? */
export function isDebugging({ assignment }: JobState): boolean {
  const { secrets, vars } = assignment.contexts
  return (secrets['ACTIONS_STEP_DEBUG'] ?? vars['ACTIONS_STEP_DEBUG']) === 'true'
}

/** What an expression of a step sees. */
export function stepScope(
  state: JobState,
  extra: Readonly<Record<string, string>> = {},
  github: GithubExtra = {},
): Scope {
  const { contexts, event } = state.assignment
  const standing = standingOf(state)
  return {
    contexts: {
      ...contexts,
      github: { ...contexts.github, event, workspace: state.directories.workspace, ...github },
      env: { ...Object.fromEntries(state.variables), ...extra },
      steps: Object.fromEntries([...state.steps].map(([id, step]) => [id, shownStep(step)])),
      job: { status: standing },
      runner: runnerContext(state),
    },
    functions: [...statusFunctions(standing), hashFiles(state.directories.workspace)],
  }
}

type GithubExtra = Readonly<Record<string, Json>>

function shownStep({ outputs, outcome, conclusion }: StepOutcome): Json {
  return { outputs: Object.fromEntries(outputs), outcome, conclusion }
}

function runnerContext({ assignment, directories }: JobState): Json {
  return {
    name: assignment.runnerName,
    os: 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    environment: 'github-hosted',
    temp: directories.temp,
    tool_cache: directories.tools,
    workspace: join(directories.workspace, '..'),
  }
}
