import { manifestDifference } from '../domain/difference/manifest-difference.ts'
import { namedChanges } from '../domain/difference/named-changes.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { RunResult } from '../domain/result.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import { type ChangeLine, changesAsText } from '../text/change-lines.ts'
import { manifestChangeLines } from '../text/manifest-changes.ts'
import type { BuildPorts } from './build-ports.ts'
import { chooseSolutions } from './choose-solutions.ts'
import { type CompilePorts, compileSolution } from './compile-solution.ts'
import { type FoundArtifact, findPublished } from './find-published.ts'
import { readOwnRings } from './read-rings.ts'

/** What proving a version from its source asks of the outside. */
export type RebuildPorts = CompilePorts &
  Pick<BuildPorts, 'readOwnRingFile' | 'readRingFile'> & {
    readonly versions: VersionTags
    readonly artifacts: Artifacts
  }

/** More files than this are counted and not named. */
const mostNamedFiles = 20

/**
 * Proves that a version comes from the working tree: builds and packs it again, publishes nothing, and compares the content.
 *
 * @throws {RingwayError} `content_differs` (every difference is in the journal), and what compiling and reading the version throw
 */
export async function rebuild(
  ports: RebuildPorts,
  request: { readonly solution: string; readonly artifact: string | undefined },
): Promise<RunResult> {
  const found = await findPublished(ports, request)
  const rings = await readOwnRings(ports)
  let rebuilt: Awaited<ReturnType<Artifacts['contentOf']>> | undefined
  for (const solution of chooseSolutions(rings.ringFile, request.solution)) {
    const compiled = await compileSolution(ports, solution, rings)
    rebuilt = await ports.artifacts.contentOf(compiled.request)
  }
  if (rebuilt?.content !== found.artifact.content) throw contentDiffers(found, rebuilt)
  return found
}
