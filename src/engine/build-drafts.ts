import { compareInterfaces } from '../domain/compatibility.ts'
import type { Manifest } from '../domain/manifest.ts'
import { type Version, versionName } from '../domain/version.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import type { BuildPorts } from './build-ports.ts'
import { type CompilePorts, compileSolution } from './compile-solution.ts'
import { findSolution } from './find-solution.ts'
import { readOwnRings } from './read-rings.ts'

/** What building without GitHub asks of the outside. */
export type DraftPorts = CompilePorts &
  Pick<BuildPorts, 'readOwnRingFile' | 'readRingFile'> & {
    readonly versions: Pick<VersionTags, 'read' | 'list'>
    readonly artifacts: Artifacts
  }

/** An artifact without a number, as it stands on the wire. */
export interface DraftResult {
  readonly solution: string
  readonly digest: string
  readonly content: string
  /** The version that has this content, when it is the newest; null otherwise. */
  readonly version: string | null
  readonly files: number
  /** Of all files together. */
  readonly bytes: number
  /** Whether the store held it already. */
  readonly existed: boolean
  readonly uploaded_bytes: number
  /** How its interfaces compare with those of the newest version; null when the store holds none. */
  readonly compatibility: { readonly breaking: boolean; readonly findings: readonly string[] } | null
}

/** A draft with what it holds. */
export interface Draft {
  readonly result: DraftResult
  readonly manifest: Manifest
  /** Where the solution stands in the repository. */
  readonly path: string
}

/**
 * Builds solutions of the working tree and publishes them as drafts: compiled and packed as any other build, but without a number,
 * provenance or a deployment, because no run of GitHub's stands for them.
 *
 * @throws {RingwayError} what keeps a solution from being published; nothing is published before all have compiled
 */
export async function buildDrafts(
  ports: DraftPorts,
  request: { readonly solution: string | undefined },
): Promise<readonly Draft[]> {
  const rings = await readOwnRings(ports)
  const { solutions } = rings.ringFile
  const wanted = request.solution === undefined ? solutions : [findSolution(rings.ringFile, request.solution)]
  const compiled = []
  for (const solution of wanted) compiled.push(await compileSolution(ports, solution, rings))

  const drafts: Draft[] = []
  for (const { solution, request: toPublish } of compiled) {
    const newest = await newestVersion(ports.versions, solution.name)
    const { artifact, existed, uploadedBytes } = await ports.artifacts.publish({
      ...toPublish,
      baseline: newest?.digest,
    })
    const { digest, content, manifest } = artifact
    const result: DraftResult = {
      solution: solution.name,
      digest,
      content,
      version: newest?.content === content ? versionName(newest.number) : null,
      files: manifest.files.length,
      bytes: manifest.files.reduce((sum, file) => sum + file.size, 0),
      existed,
      uploaded_bytes: uploadedBytes,
      compatibility: newest === undefined ? null : await compareWith(ports, newest, manifest),
    }
    drafts.push({ result, manifest, path: solution.path })
  }
  return drafts
}

async function newestVersion(versions: Pick<VersionTags, 'list'>, solution: string): Promise<Version | undefined> {
  for await (const version of versions.list(solution)) return version
  return undefined
}

async function compareWith(
  ports: Pick<DraftPorts, 'artifacts'>,
  newest: Version,
  manifest: Manifest,
): Promise<DraftResult['compatibility']> {
  const before = await ports.artifacts.read(newest.digest)
  if (before === undefined) return null
  const { breaking, findings } = compareInterfaces(before.manifest, manifest)
  return { breaking, findings: findings.map(({ words }) => words) }
}
