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
import { type CompilePorts, compileSolution } from './compile-solution.ts'
import { findPublished } from './find-published.ts'
import { findSolution } from './find-solution.ts'
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
  const { candidate, artifact } = await findPublished(ports, request)
  const rings = await readOwnRings(ports)
  const compiled = await compileSolution(ports, findSolution(rings.ringFile, request.solution), rings)
  const rebuilt = await ports.artifacts.contentOf(compiled.request)
  if (rebuilt.content !== artifact.content) {
    for (const line of differences(artifact.manifest, rebuilt.manifest)) ports.journal.say(line)
    throw contentDiffers(`${candidate.name} of ${request.solution}`, { published: artifact, rebuilt })
  }
  const files = artifact.manifest.files.length
  return {
    schema_version: 1,
    command: 'verify',
    decision: 'done',
    reason_code: 'ok',
    message: `The working tree gives ${candidate.name} of ${request.solution} again, to the byte: ${files} ${files === 1 ? 'file' : 'files'}, ${artifact.content}.`,
    solution: request.solution,
    version: candidate.version === undefined ? undefined : candidate.name,
    digest: candidate.digest,
  }
}

/** From the published version to the working tree: `+` is only in the tree. */
function differences(published: Manifest, rebuilt: Manifest): readonly string[] {
  const files = namedChanges({ before: published.files, after: rebuilt.files }, file => file.path)
  const named = files.slice(0, mostNamedFiles).map(({ name, before, after }): ChangeLine => {
    return { sign: before === undefined ? '+' : after === undefined ? '-' : '~', words: name }
  })
  const lines = [...manifestChangeLines(manifestDifference(published, rebuilt)), ...named]
  return lines.map(line => changesAsText([line]))
}

function contentDiffers(
  name: string,
  contents: { readonly published: { readonly content: string }; readonly rebuilt: { readonly content: string } },
): RingwayError {
  const { published, rebuilt } = contents
  return new RingwayError({
    code: 'content_differs',
    message: `${name} has the content ${published.content}, and the working tree gives ${rebuilt.content}; the log lists what differs.`,
    remedy:
      'Check out the commit of the version with nothing else in the tree, and build with the same tools. If it still differs, find out what was published.',
    facts: { published: published.content, rebuilt: rebuilt.content },
  })
}
