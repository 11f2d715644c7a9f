import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBuildCommand } from '../adapters/command/build-command.ts'
import { createSourceTree } from '../adapters/fs/source-tree.ts'
import { openWorkDirectory } from '../adapters/fs/work-directory.ts'
import { createLocalVersionTags } from '../adapters/git/local-version-tags.ts'
import { createArtifacts } from '../adapters/oci/artifacts.ts'
import { openBlobStore } from '../adapters/oci/reference.ts'
import { readGraph } from '../config/read-graph.ts'
import { readJsonSchema } from '../config/read-json-schema.ts'
import { readRingFile } from '../config/read-ring-file.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { RebuildPorts } from '../engine/rebuild.ts'
import type { VerifyPorts } from '../engine/verify.ts'
import type { Progress } from '../ports/artifacts.ts'
import { sayBytes } from '../text/duration.ts'
import { git } from './git.ts'
import type { Terminal } from './terminal.ts'

/** Where artifacts go on this machine unless somebody says otherwise. */
const usualStore = 'oci-layout:.ringway/store'

/** What a command on a terminal works with. */
export interface LocalOptions {
  /** Relative to the repository. */
  readonly ringFile: string
  readonly store: string | undefined
}

/** The ports of a command on a terminal, in the repository it stands in. */
export type LocalPorts = RebuildPorts &
  VerifyPorts & {
    /** The top of the repository. */
    readonly root: string
    close(): void
  }

/** Wires the adapters for a command on a terminal. `tree` is what is built: the repository itself, or a checkout of one of its commits. */
export function composeLocal(terminal: Terminal, options: LocalOptions, tree?: string): LocalPorts {
  const root = git(process.cwd(), ['rev-parse', '--show-toplevel'])
  if (root === undefined) throw noRepository()
  const source = tree ?? root
  const work = openWorkDirectory(tmpdir())
  const { RINGWAY_STORE_USERNAME: username, RINGWAY_STORE_PASSWORD: password, RINGWAY_STORE: store } = process.env
  const location = options.store ?? store ?? usualStore
  return {
    root,
    work,
    close: () => work.close(),
    journal: {
      say: line => terminal.progress(line),
      problem: ({ path, line, column, severity, message }) =>
        terminal.say([path, line, column].filter(part => part !== undefined).join(':') + `: ${severity}: ${message}`),
    },
    versions: { ...createLocalVersionTags(root), ...onlyOnGithub },
    artifacts: createArtifacts(
      openBlobStore({
        location: location.replace(/^oci-layout:(?!\/)/, `oci-layout:${root}/`),
        ...(username === undefined || password === undefined ? {} : { credentials: { username, password } }),
      }),
      showProgress(terminal),
    ),
    source: createSourceTree(source),
    buildCommand: createBuildCommand(source, { environment: process.env, onLine: line => terminal.progress(line) }),
    ringFilePath: options.ringFile,
    readOwnRingFile: () => readFile(join(source, options.ringFile), 'utf8').catch(() => undefined),
    readRingFile: async (text, path) => readRingFile(text, path),
    readGraph: async (text, path) => readGraph(text, path),
    readJsonSchema: async (text, path) => readJsonSchema(text, path),
    repositoryUrl: webUrl(git(root, ['remote', 'get-url', 'origin'])),
  }
}

const onlyOnGithub = {
  create: () => Promise.reject(new TypeError('versions are made by the build job')),
  defaultBranchHead: () => Promise.reject(new TypeError('versions are made by the build job')),
}

/** At most a line for every tenth of the way, and none for what is done in a moment. */
function showProgress(terminal: Terminal): (progress: Progress) => void {
  const started = performance.now()
  let said = 0
  return ({ doing, done, total }) => {
    const tenth = total === 0 ? 10 : Math.floor((done / total) * 10)
    if (tenth <= said || performance.now() - started < 2_000) return
    said = tenth === 10 ? 0 : tenth
    terminal.progress(`${doing} ${tenth * 10} % of ${sayBytes(total)}`)
  }
}

/** The page of the repository, so that an artifact built here has the content that the job's has. */
function webUrl(remote: string | undefined): string {
  const path = /github\.com[:/]([^/]+\/[^/]+?)(?:\.git)?$/.exec(remote ?? '')?.[1]
  return path === undefined ? (remote ?? 'local') : `https://github.com/${path}`
}

function noRepository(): RingwayError {
  return new RingwayError({
    code: 'input_invalid',
    message: `${process.cwd()} is in no git repository.`,
    remedy: 'Change into your repository.',
  })
}
