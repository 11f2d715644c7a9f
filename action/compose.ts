import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { info, saveState } from '@actions/core'
import { createActionsJournal } from '../src/adapters/actions/actions-journal.ts'
import type { ActionsRun } from '../src/adapters/actions/current-run.ts'
import { createSystemClock } from '../src/adapters/clock/system-clock.ts'
import { createBuildCommand } from '../src/adapters/command/build-command.ts'
import { createCommandTarget } from '../src/adapters/command/command-target.ts'
import { createCheckRunner } from '../src/adapters/command/ring-checks.ts'
import { createSourceTree } from '../src/adapters/fs/source-tree.ts'
import { openWorkDirectory } from '../src/adapters/fs/work-directory.ts'
import { createGithubCommitChecks } from '../src/adapters/github/commit-checks.ts'
import { createGithubDeployments } from '../src/adapters/github/deployments.ts'
import { createGithubEnvironments } from '../src/adapters/github/environments.ts'
import { createGithubClient } from '../src/adapters/github/github-client.ts'
import { createGithubRepository } from '../src/adapters/github/repository.ts'
import { createGithubVersionTags } from '../src/adapters/github/version-tags.ts'
import { createGithubWorkflowRuns } from '../src/adapters/github/workflow-runs.ts'
import { createArtifacts } from '../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../src/adapters/oci/reference.ts'
import type { BuildPorts } from '../src/engine/build-ports.ts'
import { logLine } from '../src/text/log-line.ts'
import type { Inputs } from './inputs.ts'
import { openOctokit } from './open-octokit.ts'

/** Everything that a run of the Action works with. */
export interface Composition {
  readonly ports: BuildPorts
  /** Takes away what the run left on this machine. */
  close(): void
}

/** Wires the adapters for one run. */
export async function compose(inputs: Inputs, run: ActionsRun, signal: AbortSignal): Promise<Composition> {
  const clock = createSystemClock(signal)
  const client = createGithubClient({
    octokit: await openOctokit(inputs.token, run.apiUrl),
    owner: run.owner,
    repo: run.repo,
    sleep: duration => clock.sleep(duration),
  })
  const surroundings = { environment: process.env, onLine: (line: string) => info(logLine(line)), signal }
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
      repository: createGithubRepository(client),
      environments: createGithubEnvironments(client),
      deployments: createGithubDeployments(client),
      versions: createGithubVersionTags(client),
      checks: createGithubCommitChecks(client),
      runs: createGithubWorkflowRuns(client, duration => clock.sleep(duration)),
      artifacts: createArtifacts(store),
      target: createCommandTarget(surroundings),
      checkRunner: createCheckRunner(surroundings),
      ringFilePath: inputs.ringFile,
      // The grammar is loaded while GitHub is already being asked.
      readRingFile: async (text, path) => (await import('../src/config/read-ring-file.ts')).readRingFile(text, path),
      readOrganisationFile: async (text, path) =>
        (await import('../src/config/read-organisation-file.ts')).readOrganisationFile(text, path),
      readGraph: async (text, path) => (await import('../src/config/read-graph.ts')).readGraph(text, path),
      readJsonSchema: async (text, path) =>
        (await import('../src/config/read-json-schema.ts')).readJsonSchema(text, path),
      source: createSourceTree(run.workspace),
      buildCommand: createBuildCommand(run.workspace, surroundings),
      readOwnRingFile: () => readFile(join(run.workspace, inputs.ringFile), 'utf8').catch(() => undefined),
      repositoryUrl: run.url.replace(/\/actions\/runs\/.*$/, ''),
      isoTime: at => new Date(at).toISOString(),
    },
    close: () => work.close(),
  }
}

/** `RINGWAY_STORE` of the machine that runs the job, else the container registry that belongs to the GitHub server. */
function defaultStore(run: ActionsRun): string {
  const configured = process.env['RINGWAY_STORE']
  if (configured !== undefined && configured !== '') return configured
  const host = new URL(run.url).host
  const registry = host === 'github.com' ? 'ghcr.io' : `containers.${host}`
  return `oci://${registry}/${run.owner}/${run.repo}`.toLowerCase()
}
