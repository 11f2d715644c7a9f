import { info, saveState } from '@actions/core'
import { createActionsJournal } from '../src/adapters/actions/actions-journal.ts'
import type { ActionsRun } from '../src/adapters/actions/current-run.ts'
import { createCommandTarget } from '../src/adapters/command/command-target.ts'
import { createCheckRunner } from '../src/adapters/command/ring-checks.ts'
import { openWorkDirectory } from '../src/adapters/fs/work-directory.ts'
import { createGithubCommitChecks } from '../src/adapters/github/commit-checks.ts'
import { createGithubDeployments } from '../src/adapters/github/deployments.ts'
import { createGithubEnvironments } from '../src/adapters/github/environments.ts'
import { createGithubVersionTags } from '../src/adapters/github/version-tags.ts'
import { createGithubWorkflowRuns } from '../src/adapters/github/workflow-runs.ts'
import { createArtifacts } from '../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../src/adapters/oci/reference.ts'
import type { DeployPorts } from '../src/engine/deploy-ports.ts'
import type { Clock } from '../src/ports/clock.ts'
import { logLine } from '../src/text/log-line.ts'
import type { GithubConnection } from './connect-github.ts'
import type { Inputs } from './inputs.ts'

/** What one run of the Action was given. */
export interface RunParts {
  readonly inputs: Inputs
  readonly run: ActionsRun
  readonly github: GithubConnection
  readonly clock: Clock
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal
}

/** Everything that a run of the Action works with. */
export interface Composition {
  readonly ports: DeployPorts
  /** Takes away what the run left on this machine. */
  close(): void
}

/** Wires the adapters for one run. */
export function compose({ inputs, run, github, clock, signal }: RunParts): Composition {
  const { client, repository } = github
  const surroundings = { environment: process.env, onLine: sayLine, signal }
  const work = openWorkDirectory(run.temporary)
  const store = openBlobStore({
    location: inputs.store ?? defaultStore(run),
    credentials: {
      username: inputs.storeUsername ?? run.actor,
      password: inputs.storePassword ?? inputs.token,
    },
  })
  return {
    ports: {
      run,
      claimed: deployment => {
        saveState('deployment', deployment)
        saveState('environment', inputs.environment)
      },
      isCancelled: () => signal.aborted,
      clock,
      journal: createActionsJournal(logLine),
      work,
      repository,
      environments: createGithubEnvironments(client),
      deployments: createGithubDeployments(client),
      versions: createGithubVersionTags(client),
      checks: createGithubCommitChecks(client),
      runs: createGithubWorkflowRuns(client, duration => clock.sleep(duration)),
      artifacts: createArtifacts(store),
      target: createCommandTarget(surroundings),
      checkRunner: createCheckRunner(surroundings),
      ringFilePath: inputs.ringFile,
      // The grammar is loaded while GitHub is being asked.
      readRingFile: async (text, path) => (await import('../src/config/read-ring-file.ts')).readRingFile(text, path),
      readOrganisationFile: async (text, path) =>
        (await import('../src/config/read-organisation-file.ts')).readOrganisationFile(text, path),
    },
    close: () => work.close(),
  }
}

/** What a program that Ringway runs prints, into the log of the step. */
export function sayLine(line: string): void {
  info(logLine(line))
}

/** `RINGWAY_STORE` of the machine that runs the job, else the container registry that belongs to the GitHub server. */
function defaultStore(run: ActionsRun): string {
  const configured = process.env['RINGWAY_STORE']
  if (configured !== undefined && configured !== '') return configured
  const host = new URL(run.url).host
  const registry = host === 'github.com' ? 'ghcr.io' : `containers.${host}`
  return `oci://${registry}/${run.owner}/${run.repo}`.toLowerCase()
}
