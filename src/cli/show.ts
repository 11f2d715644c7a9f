import { showArtifact } from '../engine/show-artifact.ts'
import { artifactLines } from '../text/artifact-lines.ts'
import { exitCodes } from './exit-code.ts'
import { type NamedArtifact, openSearch, withFetchHint } from './published-artifact.ts'
import type { Terminal } from './terminal.ts'

/** `ringway show`: what an artifact holds, and who built it. */
export async function show(terminal: Terminal, named: NamedArtifact): Promise<number> {
  const { versions, artifacts, request } = await openSearch(named, () => {})
  const shown = await withFetchHint(() => showArtifact({ versions, artifacts }, request))
  const { solution, candidate, artifact, statements, provenance } = shown
  const { name, digest, commit } = candidate
  const { content, manifest } = artifact
  const { location } = artifacts
  const lines = artifactLines({ solution, name, digest, content, location, commit, manifest, provenance })
  for (const line of lines) terminal.say(line)
  terminal.result({
    ok: true,
    solution,
    version: candidate.version === undefined ? null : name,
    digest,
    content,
    commit: commit ?? null,
    store: location,
    manifest,
    provenance: statements,
  })
  return exitCodes.ok
}
