import { delimiter, dirname } from 'node:path'
import { isDebugging, type JobState } from './job-state.ts'
import { TRACKING_VARIABLE } from './orphan-processes.ts'

// The parts of the `github` context that the runner does not put into the environment: `token` has to be asked for, the
// others are no texts of their own.
const NOT_EXPORTED = new Set(['token', 'event', 'workspace', 'repositoryUrl'])

// The system's, where the sandbox itself was started without a search path.
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * The whole environment of a process of a step, built from nothing: of the machine's own environment only the search
 * path comes in. Later entries win, as on the runner: declared variables, the step's, then the runner's own.
 */
export function stepEnvironment(
  state: JobState,
  step: {
    readonly action: string
    readonly variables: Readonly<Record<string, string>>
    readonly files: Readonly<Record<string, string>>
  },
): Readonly<Record<string, string>> {
  return {
    HOME: state.directories.home,
    LANG: 'C.UTF-8',
    USER: 'runner',
    SHELL: '/bin/bash',
    ...state.assignment.machineVariables,
    ...Object.fromEntries(state.variables),
    ...step.variables,
    PATH: searchPath(state, step.variables['PATH'] ?? state.variables.get('PATH')),
    CI: step.variables['CI'] ?? state.variables.get('CI') ?? 'true',
    ...githubVariables(state),
    ...runnerVariables(state),
    ...step.files,
    GITHUB_ACTION: step.action,
    [TRACKING_VARIABLE]: state.assignment.trackingId,
  }
}

function searchPath(state: JobState, declared: string | undefined): string {
  const base = declared ?? [dirname(process.execPath), process.env['PATH'] ?? DEFAULT_PATH].join(delimiter)
  return [...state.paths.toReversed(), base].join(delimiter)
}

function githubVariables({ assignment, directories }: JobState): Readonly<Record<string, string>> {
  const context = Object.entries(assignment.contexts.github).flatMap(([name, value]) =>
    NOT_EXPORTED.has(name) ? [] : [[`GITHUB_${name.toUpperCase()}`, String(value)] as const],
  )
  return {
    ...Object.fromEntries(context),
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_PATH: directories.eventFile,
    GITHUB_WORKSPACE: directories.workspace,
  }
}

function runnerVariables(job: JobState): Readonly<Record<string, string>> {
  const { assignment, directories } = job
  return {
    RUNNER_NAME: assignment.runnerName,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: directories.temp,
    RUNNER_TOOL_CACHE: directories.tools,
    RUNNER_WORKSPACE: dirname(directories.workspace),
    ...(isDebugging(job) ? { RUNNER_DEBUG: '1' } : {}),
    ...(assignment.idToken === undefined
      ? {}
      : {
          ACTIONS_ID_TOKEN_REQUEST_URL: assignment.idToken.url,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: assignment.idToken.token,
        }),
  }
}
