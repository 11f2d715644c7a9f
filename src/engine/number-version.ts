import { RingwayError } from '../domain/ringway-error.ts'
import type { CommitSha } from '../domain/units.ts'
import type { Version, VersionNumber } from '../domain/version.ts'
import type { Artifact } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'

/** A published artifact that wants a number. */
export interface NumberRequest {
  readonly solution: string
  readonly artifact: Pick<Artifact, 'digest' | 'content'>
  /** The commit that it was built from. */
  readonly commit: CommitSha
  /** Versions up to this one are known to have other content, so they are not read; 0: nothing is known. */
  readonly othersUpTo: VersionNumber
  /** Versions that probably have this content: they are read first. */
  readonly hints: readonly VersionNumber[]
}

/** The number that an artifact has. */
export interface Numbered {
  readonly version: Version
  /** Whether this build created it. */
  readonly created: boolean
}

/**
 * So many versions are read in search of known content that no hint names. Such content was a draft before, and then no version has it;
 * or its build was lost after the tag and before the provenance, and then its version is among the newest.
 */
const mostLookedBack = 50

/** A number may be lost to another build at most this often: every loss is a version that somebody else published. */
const mostCollisions = 100

/**
 * Gives an artifact its number: the one it has, else the next. Creating a tag is atomic, so of many builds at once each number goes to
 * one of them: the loser reads the winner's tag, and takes it when the content is the same, or the next number when it is not.
 *
 * @throws {RingwayError} `superseded_by_head` when GitHub takes no tag on the commit because the branch has moved on
 */
export async function numberVersion(versions: VersionTags, request: NumberRequest): Promise<Numbered> {
  const { solution, artifact, commit } = request
  const { found, newest } = await findByContent(versions, request)
  if (found !== undefined) return { version: found, created: false }
  for (let number = newest + 1; number <= newest + mostCollisions; number += 1) {
    const version: Version = { number, digest: artifact.digest, content: artifact.content, commit }
    const outcome = await versions.create({ solution, version })
    if (outcome === 'created') return { version, created: true }
    if (outcome === 'refused_workflow') throw await refusedTag(versions, commit)
    const winner = await versions.read(solution, number)
    // The same commit: it is ours, and only the answer that said so was lost.
    if (winner?.content === artifact.content) return { version: winner, created: winner.commit === commit }
  }
  throw new RingwayError({
    code: 'in_progress',
    kind: 'errored',
    message: `${mostCollisions} other builds of ${solution} took the next number first.`,
    remedy: 'Re-run the job.',
  })
}

async function findByContent(
  versions: VersionTags,
  { solution, artifact, hints, othersUpTo }: NumberRequest,
): Promise<{ readonly found: Version | undefined; readonly newest: VersionNumber }> {
  for (const hint of hints) {
    const version = await versions.read(solution, hint)
    if (version?.content === artifact.content) return { found: version, newest: hint }
  }
  let newest = 0
  for await (const version of versions.list(solution)) {
    newest = Math.max(newest, version.number)
    if (version.number <= Math.max(othersUpTo, newest - mostLookedBack)) break
    if (version.content === artifact.content) return { found: version, newest }
  }
  return { found: undefined, newest }
}

/** GitHub refuses a tag on a commit whose workflow files differ from the head's: then the head's own build publishes. */
async function refusedTag(versions: VersionTags, commit: CommitSha): Promise<RingwayError> {
  const head = await versions.defaultBranchHead()
  if (head !== commit) {
    return new RingwayError({
      code: 'superseded_by_head',
      message: `The branch has moved on to ${head.slice(0, 12)}, whose build publishes instead.`,
      remedy: 'Nothing is to be done here.',
    })
  }
  return new RingwayError({
    code: 'github_denied',
    message: `GitHub takes no version tag on ${commit.slice(0, 12)}, although it is the head of the default branch.`,
    remedy: 'Give the build job `contents: write`, and check the rules for tags named ringway/**.',
  })
}
