import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBuildCommand } from '../adapters/command/build-command.ts'
import { createSourceTree } from '../adapters/fs/source-tree.ts'
import { readGit, runGit } from '../adapters/git/run-git.ts'
import { readGraph } from '../config/read-graph.ts'
import { readJsonSchema } from '../config/read-json-schema.ts'
import { readRingFile } from '../config/read-ring-file.ts'
import type { BuildPorts } from '../engine/build-ports.ts'
import { logLine } from '../text/log-line.ts'
import type { RepositoryHere } from './repository-here.ts'
import { ownDirectory } from './store-choice.ts'
import type { TerminalJournal } from './terminal-journal.ts'

/** What is compiled, and where it stands. */
export interface OwnSource {
  readonly repository: RepositoryHere
  /** The top of the working tree that is compiled: the repository's own, or a checkout of one of its commits. */
  readonly root: string
  readonly ringFile: string
  readonly journal: TerminalJournal
  readonly signal: AbortSignal
}

/** What compiling asks of the outside, answered by a working tree on this machine. */
export function composeSource(
  own: OwnSource,
): Pick<
  BuildPorts,
  | 'source'
  | 'buildCommand'
  | 'journal'
  | 'ringFilePath'
  | 'repositoryUrl'
  | 'readOwnRingFile'
  | 'readRingFile'
  | 'readGraph'
  | 'readJsonSchema'
> {
  const { root, ringFile, journal, signal, repository } = own
  const onLine = (line: string): void => journal.say(logLine(line))
  return {
    source: createSourceTree(root),
    buildCommand: createBuildCommand(root, { environment: process.env, onLine, signal }),
    journal,
    ringFilePath: ringFile,
    repositoryUrl: repository.origin?.url ?? noOrigin,
    readOwnRingFile: () => readFile(join(root, ringFile), 'utf8').catch(() => undefined),
    readRingFile: async (text, path) => readRingFile(text, path),
    readGraph: async (text, path) => readGraph(text, path),
    readJsonSchema: async (text, path) => readJsonSchema(text, path),
  }
}

/** Stands where a source must be named and the repository has no remote. */
const noOrigin = 'urn:ringway:no-origin'

/** Makes this program's directory, with what keeps git from seeing it. */
export function makeOwnDirectory(root: string): void {
  mkdirSync(join(root, ownDirectory), { recursive: true })
  writeFileSync(join(root, ownDirectory, '.gitignore'), '*\n')
}

/** Those of `paths` that the commit of `root` does not hold as they are here; undefined where there is no commit. */
export async function notAsCommitted(root: string, paths: readonly string[]): Promise<readonly string[] | undefined> {
  if ((await runGit(root, ['rev-parse', '--verify', '--quiet', 'HEAD'])).exitCode !== 0) return undefined
  const list = async (args: readonly string[]): Promise<ReadonlySet<string>> =>
    new Set((await readGit(root, args)).split('\0').filter(name => name !== ''))
  const committed = await list(['ls-tree', '-r', '-z', '--name-only', '--full-tree', 'HEAD'])
  const changed = await list(['diff', '--name-only', '-z', '--no-renames', 'HEAD'])
  return paths.filter(path => !committed.has(path) || changed.has(path))
}
