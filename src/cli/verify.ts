import { join } from 'node:path'
import { openWorkDirectory } from '../adapters/fs/work-directory.ts'
import { checkOutCommit } from '../adapters/git/commit-checkout.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { type CommitSha, isCommitSha } from '../domain/units.ts'
import { rebuild } from '../engine/rebuild.ts'
import { type ShownArtifact, showArtifact } from '../engine/show-artifact.ts'
import { verify as verifyArtifact } from '../engine/verify.ts'
import { exitCodes } from './exit-code.ts'
import { type Surroundings, withInterruption } from './interruption.ts'
import { composeSource } from './own-source.ts'
import { type ArtifactSearch, type NamedArtifact, openSearch, withFetchHint } from './published-artifact.ts'
import { sayFailure, type Terminal } from './terminal.ts'
import { createTerminalJournal, type TerminalJournal } from './terminal-journal.ts'
import { createTransferProgress } from './transfer-progress.ts'

/** What `ringway verify` is asked for. */
export interface VerifyOptions extends NamedArtifact {
  /** Whether it is built again from its commit. */
  readonly rebuild: boolean
}

/** `ringway verify`: pulls and hashes an artifact, and proves it from its source when asked. */
export async function verify(terminal: Terminal, options: VerifyOptions): Promise<number> {
  const journal = createTerminalJournal(terminal)
  try {
    return await withInterruption(surroundings => prove({ terminal, options, journal, surroundings }))
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    if (error.code === 'content_differs') return sayFailure(terminal, error, { differences: journal.lines })
    if (journal.problems.length === 0) throw error
    return sayFailure(terminal, error, { problems: journal.problems })
  }
}

interface Proof {
  readonly terminal: Terminal
  readonly options: VerifyOptions
  readonly journal: TerminalJournal
  readonly surroundings: Surroundings
}

async function prove({ terminal, options, journal, surroundings }: Proof): Promise<number> {
  const { signal, room } = surroundings
  const progress = createTransferProgress(process.stderr, () => performance.now())
  const search = await openSearch(options, transfer => {
    signal.throwIfAborted()
    progress.report(transfer)
  })
  const work = openWorkDirectory(room)
  const whole = await withFetchHint(() => verifyArtifact({ ...search, work }, search.request))
  progress.clear()
  terminal.say(whole.message)
  const rebuilt = options.rebuild ? await proveFromSource({ search, options, journal, surroundings }) : undefined
  if (rebuilt !== undefined) terminal.say(rebuilt.message)
  terminal.result({
    ok: true,
    solution: search.request.solution,
    version: whole.version ?? null,
    digest: whole.digest,
    store: search.artifacts.location,
    message: [whole.message, ...(rebuilt === undefined ? [] : [rebuilt.message])].join(' '),
    rebuilt_from: rebuilt?.commit ?? null,
  })
  return exitCodes.ok
}

async function proveFromSource(
  proof: { readonly search: ArtifactSearch } & Pick<Proof, 'options' | 'journal' | 'surroundings'>,
): Promise<{ readonly commit: CommitSha; readonly message: string }> {
  const { search, options, journal, surroundings } = proof
  const { repository, versions, artifacts, request } = search
  const commit = commitOf(await showArtifact(search, request))
  const root = join(surroundings.room, 'checkout')
  await checkOutCommit({ repository: repository.root, commit, directory: root })
  surroundings.signal.throwIfAborted()
  const { signal } = surroundings
  const source = composeSource({ repository, root, ringFile: options.ringFile, journal, signal })
  try {
    await rebuild({ ...source, versions, artifacts }, request)
  } catch (error) {
    throw error instanceof RingwayError && error.code === 'content_differs' ? differs(error, request, commit) : error
  }
  return { commit, message: `Commit ${commit} gives it again, to the byte.` }
}

/** A version's tag names its commit; of a draft only the provenance does, and whether that is true is what will be seen. */
function commitOf({ candidate, provenance }: ShownArtifact): CommitSha {
  const claimed = candidate.commit ?? provenance[0]?.commit
  if (claimed !== undefined && isCommitSha(claimed)) return claimed
  throw new RingwayError({
    code: 'input_invalid',
    message: `Nothing says which commit ${candidate.name} was built from, so it cannot be built again.`,
    remedy: 'Leave --rebuild out, or name a version.',
  })
}

function differs(error: RingwayError, request: ArtifactSearch['request'], commit: CommitSha): RingwayError {
  const { published, rebuilt } = error.facts
  return new RingwayError({
    code: 'content_differs',
    message: `${request.artifact} of ${request.solution} has the content ${String(published)}, and commit ${commit} gives ${String(rebuilt)}; what differs is listed above.`,
    remedy:
      'Build with the tools of the machine that built it. If it still differs, find out what was published before it is deployed.',
    facts: error.facts,
    cause: error,
  })
}
