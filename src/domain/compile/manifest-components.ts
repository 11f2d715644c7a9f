import type { ManifestComponent, ManifestReference } from '../manifest.ts'
import { type Component, referenceName } from '../solution.ts'
import type { CompileFacts } from './compile-facts.ts'
import { plannedGraph } from './graph-paths.ts'
import { schemaOf } from './interface-files.ts'

/** The components as they stand in the manifest: schemas and graphs read, references locked. Sorted by name. */
export function manifestComponents(facts: CompileFacts): readonly ManifestComponent[] {
  return facts.solution.components
    .map(component => manifestComponent(facts, component))
    .toSorted((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1))
}

function manifestComponent(facts: CompileFacts, component: Component): ManifestComponent {
  const { name, kind, start, exec, path, tools, connectors, secrets, timeout } = component
  const reading = component.graph === undefined ? undefined : facts.graphs.get(component.graph)
  return {
    name,
    kind,
    start,
    exec,
    path,
    input: schemaOf(facts, component.input),
    output: schemaOf(facts, component.output),
    uses: lockedReferences(facts, component),
    tools: tools.toSorted(),
    connectors: connectors.toSorted(),
    secrets: secrets.toSorted(),
    timeoutMs: timeout,
    graph: reading?.ok === true ? plannedGraph(reading.value) : undefined,
  }
}

function lockedReferences({ published }: CompileFacts, { uses }: Component): readonly ManifestReference[] {
  return uses
    .flatMap((use): readonly ManifestReference[] => {
      if (use.kind === 'local') return [use]
      const found = published.get(referenceName(use))
      return found === undefined ? [] : [found.reference]
    })
    .toSorted((a, b) => (nameOf(a) === nameOf(b) ? 0 : nameOf(a) < nameOf(b) ? -1 : 1))
}

function nameOf(reference: ManifestReference): string {
  return reference.kind === 'local'
    ? reference.component
    : `${reference.solution}/${reference.component}@${reference.version}`
}
