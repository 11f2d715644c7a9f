import { type Manifest, type ManifestComponent, manifestReferenceName } from '../domain/manifest.ts'
import { findPublished } from '../engine/find-published.ts'
import type { Statement } from '../ports/artifacts.ts'
import { sayBytes } from '../text/duration.ts'
import { textTable } from '../text/table.ts'
import { composeLocal, type LocalOptions } from './compose-local.ts'
import { exitCodes } from './exit-code.ts'
import { onlySolution } from './only-solution.ts'
import type { Terminal } from './terminal.ts'

/** `ringway show`: what an artifact holds, and who built it from what. */
export async function show(
  terminal: Terminal,
  artifact: string,
  options: LocalOptions & { readonly solution: string | undefined },
): Promise<number> {
  const ports = composeLocal(terminal, options)
  try {
    const solution = await onlySolution(ports, options.solution)
    const found = await findPublished(ports, { solution, artifact })
    const { digest, content, manifest } = found.artifact
    const statements = await ports.artifacts.readStatements(digest)
    terminal.say(`${found.candidate.name} of ${solution}`)
    terminal.say(`  artifact  ${digest}`)
    terminal.say(`  content   ${content}`)
    terminal.say(`  store     ${ports.artifacts.location}`)
    for (const block of [components(manifest), layers(manifest), configuration(manifest), locks(manifest)]) {
      if (block !== '') terminal.say(`\n${block}`)
    }
    for (const statement of statements) terminal.say(`\n${provenance(statement)}`)
    if (statements.length === 0) terminal.say('\nNobody says who built it: it has no provenance.')
    terminal.result({
      ok: true,
      solution,
      version: found.candidate.version ?? null,
      digest,
      content,
      manifest,
      provenance: statements,
    })
    return exitCodes.ok
  } finally {
    ports.close()
  }
}

function components({ components: all }: Manifest): string {
  return textTable(
    ['COMPONENT', 'KIND', 'RUNS', 'USES'],
    all.map(one => [one.name, one.kind, howItRuns(one), one.uses.map(manifestReferenceName).join(', ')]),
  )
}

function howItRuns({ start, exec, path }: ManifestComponent): string {
  if (start !== undefined) return path === undefined ? start : `${start} at ${path}`
  return exec ?? '–'
}

function layers({ layers: all, files }: Manifest): string {
  const count = (component: string | undefined): number => files.filter(file => file.component === component).length
  return textTable(
    ['LAYER', 'FILES', 'SIZE', 'DIGEST'],
    all.map(({ component, size, digest }) => [component ?? '(shared)', `${count(component)}`, sayBytes(size), digest]),
  )
}

function configuration({ config }: Manifest): string {
  const rows = [
    ...Object.entries(config.repository).map(([name, value]) => ['repository', name, String(value)]),
    ...Object.entries(config.solution).map(([name, value]) => ['solution', name, String(value)]),
    ...Object.entries(config.rings).flatMap(([ring, values]) =>
      Object.entries(values).map(([name, value]) => [`ring ${ring}`, name, String(value)]),
    ),
  ]
  return rows.length === 0 ? '' : textTable(['CONFIGURATION', 'NAME', 'VALUE'], rows)
}

function locks({ locks: all }: Manifest): string {
  return all.length === 0
    ? ''
    : textTable(
        ['LOCK', 'DIGEST'],
        all.map(({ path, digest }) => [path, digest]),
      )
}

/** A provenance as lines; what a stranger wrote into it is shown as JSON. */
function provenance({ predicateType, predicate }: Statement): string {
  return `${predicateType}\n${JSON.stringify(predicate, null, 2)}`
}
