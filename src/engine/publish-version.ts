import { RingwayError } from '../domain/ringway-error.ts'
import type { CommitSha, Sha256Digest } from '../domain/units.ts'
import { type Version, versionName } from '../domain/version.ts'
import type { Artifact } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'

/** A published artifact that wants a number. */
export interface NumberRequest {
  readonly solution: string
  readonly artifact: Pick<Artifact, 'digest' | 'content'>
  /** The commit that it was built from. */
  readonly commit: CommitSha
}

/** The number that an artifact has. */
export interface Numbered {
  readonly version: Version
  /** Whether this build created it. */
  readonly created: boolean
}

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
  const existing = await findByContent(versions, solution, artifact.content)
  if (existing.found !== undefined) return { version: existing.found, created: false }
  let number = existing.newest + 1
  for (let attempt = 0; attempt < mostCollisions; attempt += 1) {
    const version: Version = { number, digest: artifact.digest, content: artifact.content, commit }
    const outcome = await versions.create({ solution, version })
    if (outcome === 'created') return { version, created: true }
    if (outcome === 'refused_workflow') throw await refusedTag(versions, commit)
    const winner = await versions.read(solution, number)
    if (winner?.content === artifact.content) return { version: winner, created: winner.commit === commit }
    number += 1
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
  solution: string,
  content: Sha256Digest,
): Promise<{ readonly newest: number; readonly found: Version | undefined }> {
  let newest = 0
  for await (const version of versions.list(solution)) {
    newest = Math.max(newest, version.number)
    if (version.content === content) return { newest, found: version }
  }
  return { newest, found: undefined }
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

/** The registry tag that helps people find a version. Nothing is ever deployed by it. */
export function registryTag(solution: string, version: Version): string {
  return `${solution}-${versionName(version.number)}`
}
