import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLocalVersionTags } from '../adapters/git/local-version-tags.ts'
import { createArtifacts } from '../adapters/oci/artifacts.ts'
import { openBlobStore } from '../adapters/oci/reference.ts'
import { readRingFile } from '../config/read-ring-file.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { isSha256Digest } from '../domain/units.ts'
import { parseVersionName } from '../domain/version.ts'
import { solutionOfDigest } from '../engine/show-artifact.ts'
import type { Artifacts, Progress } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import { findRepository, type RepositoryHere } from './repository-here.ts'
import { chooseStore, localStore, publishedStore } from './store-choice.ts'

/** An artifact as a command line names it. */
export interface NamedArtifact {
  /** `v42` or `sha256:…` */
  readonly artifact: string
  readonly solution?: string | undefined
  readonly store?: string | undefined
  readonly ringFile: string
}

/** What an artifact is looked up with. */
export interface ArtifactSearch {
  readonly repository: RepositoryHere
  readonly versions: VersionTags
  readonly artifacts: Artifacts
  readonly request: { readonly solution: string; readonly artifact: string }
}

/**
 * Finds out which artifact is meant, and in which store.
 *
 * @throws {RingwayError} `input_invalid` when the name is none, or the solution is not clear
 */
export async function openSearch(
  named: NamedArtifact,
  onProgress: (progress: Progress) => void,
): Promise<ArtifactSearch> {
  const { artifact } = named
  if (parseVersionName(artifact) === undefined && !isSha256Digest(artifact)) throw noArtifact(artifact)
  const repository = findRepository()
  const artifacts = await openStoreOf(repository, named, onProgress)
  const solution =
    named.solution ?? (await solutionOfDigest(artifacts, artifact)) ?? (await onlySolution(repository, named.ringFile))
  const versions = createLocalVersionTags(repository.root)
  return { repository, versions, artifacts, request: { solution, artifact } }
}

/** The words for a version that this clone does not know: it may be on GitHub all the same. */
export async function withFetchHint<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RingwayError) || error.code !== 'unknown_version' || error.facts['commit'] !== undefined)
      throw error
    throw new RingwayError({
      code: error.code,
      message: error.message,
      remedy: "Fetch the versions that GitHub has: git fetch origin 'refs/tags/ringway/*:refs/tags/ringway/*'",
      cause: error,
    })
  }
}

/** Versions are where the Action publishes; a digest may also be a draft that was built here. */
async function openStoreOf(
  repository: RepositoryHere,
  { artifact, store }: NamedArtifact,
  onProgress: (progress: Progress) => void,
): Promise<Artifacts> {
  const open = (usual: string): Artifacts => {
    const { location, credentials } = chooseStore(repository, { store, usual })
    return createArtifacts(openBlobStore({ location, credentials }), onProgress)
  }
  const here = open(localStore(repository.root))
  const { origin } = repository
  if (origin === undefined) return here
  if (isSha256Digest(artifact) && (await here.read(artifact)) !== undefined) return here
  return open(publishedStore(origin))
}

async function onlySolution({ root }: RepositoryHere, path: string): Promise<string> {
  const text = await readFile(join(root, path), 'utf8').catch(() => undefined)
  const reading = text === undefined ? undefined : readRingFile(text, path)
  const names = reading?.ok === true ? reading.ringFile.solutions.map(solution => solution.name) : []
  const [only, ...others] = names
  if (only !== undefined && others.length === 0) return only
  throw new RingwayError({
    code: 'input_invalid',
    message:
      names.length === 0
        ? `Which solution is meant is not clear: ${path} cannot be read, or has problems.`
        : `Which solution is meant is not clear: ${path} declares ${names.join(', ')}.`,
    remedy: 'Name it with --solution.',
  })
}

function noArtifact(came: string): RingwayError {
  return new RingwayError({
    code: 'input_invalid',
    message: `${JSON.stringify(came.slice(0, 100))} names no artifact; expected is a version such as v42, or sha256: and 64 hexadecimal digits.`,
    remedy: 'Type `git tag --list "ringway/*"` to see the versions that this clone knows.',
  })
}
