import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBuildCommand } from '../src/adapters/command/build-command.ts'
import { createSourceTree } from '../src/adapters/fs/source-tree.ts'
import type { BuildPorts } from '../src/engine/build-ports.ts'
import type { DeployPorts } from '../src/engine/deploy-ports.ts'
import { type RunParts, sayLine } from './compose.ts'

/** Adds to the ports of a run what only building needs: the working tree and the readers of its files. */
export function composeBuild({ inputs, run, signal }: RunParts, ports: DeployPorts): BuildPorts {
  return {
    ...ports,
    readGraph: async (text, path) => (await import('../src/config/read-graph.ts')).readGraph(text, path),
    readJsonSchema: async (text, path) =>
      (await import('../src/config/read-json-schema.ts')).readJsonSchema(text, path),
    source: createSourceTree(run.workspace),
    buildCommand: createBuildCommand(run.workspace, { environment: process.env, onLine: sayLine, signal }),
    readOwnRingFile: () => readFile(join(run.workspace, inputs.ringFile), 'utf8').catch(() => undefined),
    repositoryUrl: run.url.replace(/\/actions\/runs\/.*$/, ''),
    isoTime: at => new Date(at).toISOString(),
  }
}
