import { createLocalVersionTags } from '../adapters/git/local-version-tags.ts'
import { createArtifacts } from '../adapters/oci/artifacts.ts'
import { openBlobStore } from '../adapters/oci/reference.ts'
import { inRepository } from '../domain/compile/compile-problem.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { buildDrafts, type Draft } from '../engine/build-drafts.ts'
import { sayBytes } from '../text/duration.ts'
import { exitCodes } from './exit-code.ts'
import { type Surroundings, withInterruption } from './interruption.ts'
import { composeSource, makeOwnDirectory, notAsCommitted } from './own-source.ts'
import { findRepository, type RepositoryHere } from './repository-here.ts'
import { chooseStore, localStore } from './store-choice.ts'
import { sayFailure, type Terminal } from './terminal.ts'
import { createTerminalJournal, type TerminalJournal } from './terminal-journal.ts'
import { createTransferProgress } from './transfer-progress.ts'

/** What `ringway build` is asked for. */
export interface BuildOptions {
  readonly solution?: string | undefined
  readonly store?: string | undefined
  readonly ringFile: string
}

/** `ringway build`: the working tree as an artifact in a store, without a version and without a deployment. */
export async function build(terminal: Terminal, options: BuildOptions): Promise<number> {
  const repository = findRepository()
  const journal = createTerminalJournal(terminal)
  try {
    return await withInterruption(surroundings => buildHere({ terminal, options, repository, journal, surroundings }))
  } catch (error) {
    if (!(error instanceof RingwayError) || journal.problems.length === 0) throw error
    return sayFailure(terminal, inTerminalWords(error), { problems: journal.problems })
  }
}

interface BuildParts {
  readonly terminal: Terminal
  readonly options: BuildOptions
  readonly repository: RepositoryHere
  readonly journal: TerminalJournal
  readonly surroundings: Surroundings
}

async function buildHere({ terminal, options, repository, journal, surroundings }: BuildParts): Promise<number> {
  const { root } = repository
  const { ringFile, solution } = options
  const { signal } = surroundings
  const { location, credentials, isNamed } = chooseStore(repository, { store: options.store, usual: localStore(root) })
  const progress = createTransferProgress(process.stderr, () => performance.now())
  const artifacts = createArtifacts(openBlobStore({ location, credentials }), transfer => {
    signal.throwIfAborted()
    progress.report(transfer)
  })
  if (!isNamed) makeOwnDirectory(root)
  const source = composeSource({ repository, root, ringFile, journal, signal })
  const drafts = await buildDrafts({ ...source, versions: createLocalVersionTags(root), artifacts }, { solution })
  progress.clear()
  for (const draft of drafts) await sayDraft(terminal, root, draft)
  terminal.say(`Published into ${location}. No version was numbered and nothing is deployed.`)
  const solutions = drafts.map(draft => draft.result)
  terminal.result({ ok: true, store: location, solutions, problems: journal.problems })
  return exitCodes.ok
}

async function sayDraft(terminal: Terminal, root: string, { result, manifest, path }: Draft): Promise<void> {
  const held = result.existed ? ', which the store held already' : ''
  terminal.say(`${result.solution}${result.version === null ? '' : ` (the same content as ${result.version})`}`)
  terminal.say(`  digest    ${result.digest}${held}`)
  terminal.say(`  content   ${result.content}`)
  terminal.say(`  files     ${result.files} (${sayBytes(result.bytes)})`)
  terminal.say(`  uploaded  ${sayBytes(result.uploaded_bytes)}`)
  for (const words of result.compatibility?.findings ?? []) terminal.say(`  interface ${words}`)
  const files = manifest.files.map(file => inRepository(path, file.path))
  const others = (await notAsCommitted(root, files)) ?? files
  if (others.length > 0) terminal.progress(uncommittedWords(result.solution, others))
}

const mostNamed = 5

function uncommittedWords(solution: string, paths: readonly string[]): string {
  const named = paths.slice(0, mostNamed).join(', ')
  const rest = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : ''
  return `${solution}: ${paths.length} of its files are not as the commit has them (${named}${rest}). A build on GitHub holds what is committed and what the build command makes.`
}

/** The remedies of the engine speak to people who read the log of a job. */
function inTerminalWords(error: RingwayError): RingwayError {
  const { code, message, facts, kind } = error
  if (code !== 'compile_failed' && code !== 'secret_found') return error
  const remedy =
    code === 'secret_found'
      ? 'Take the secret out of the file and revoke it; a false alarm is silenced by `ringway:allow-secret` in its line.'
      : 'Correct what is listed above, and build again.'
  return new RingwayError({ code, message, remedy, facts, kind, cause: error })
}
