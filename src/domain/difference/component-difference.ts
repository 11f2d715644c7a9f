import { type Graph, type ManifestComponent, manifestReferenceName } from '../manifest.ts'
import { type JsonChange, jsonDifference } from './json-difference.ts'
import { type NamedChange, namedChanges } from './named-changes.ts'

/** One way in which a component differs. */
export type ComponentChange =
  /** How it is run. */
  | {
      readonly kind: 'setting'
      readonly name: 'kind' | 'start' | 'exec' | 'path' | 'timeout'
      readonly before: string | number | undefined
      readonly after: string | number | undefined
    }
  /** Its interface. */
  | { readonly kind: 'schema'; readonly name: 'input' | 'output'; readonly changes: readonly JsonChange[] }
  /** What it needs. */
  | {
      readonly kind: 'list'
      readonly name: 'uses' | 'tools' | 'connectors' | 'secrets'
      readonly added: readonly string[]
      readonly removed: readonly string[]
    }
  /** Its graph: nodes by id, edges as `<node>.<port> → <node>.<port>`. */
  | {
      readonly kind: 'graph'
      readonly nodes: readonly Pick<NamedChange<unknown>, 'name' | 'before' | 'after'>[]
      readonly edges: readonly NamedChange<string>[]
    }
  /** The files of its own. */
  | { readonly kind: 'files' }

/** Every way in which two forms of one component differ, its files aside. */
export function componentDifference(before: ManifestComponent, after: ManifestComponent): readonly ComponentChange[] {
  return [...settings(before, after), ...schemas(before, after), ...lists(before, after), ...graphs(before, after)]
}

function settings(before: ManifestComponent, after: ManifestComponent): readonly ComponentChange[] {
  const pairs = [
    ['kind', before.kind, after.kind],
    ['start', before.start, after.start],
    ['exec', before.exec, after.exec],
    ['path', before.path, after.path],
    ['timeout', before.timeoutMs, after.timeoutMs],
  ] as const
  return pairs.flatMap(([name, was, is]) => (was === is ? [] : [{ kind: 'setting', name, before: was, after: is }]))
}

function schemas(before: ManifestComponent, after: ManifestComponent): readonly ComponentChange[] {
  const pairs = [
    ['input', before.input, after.input],
    ['output', before.output, after.output],
  ] as const
  return pairs.flatMap(([name, was, is]) => {
    const changes = jsonDifference(was, is)
    return changes.length === 0 ? [] : [{ kind: 'schema', name, changes }]
  })
}

function lists(before: ManifestComponent, after: ManifestComponent): readonly ComponentChange[] {
  const pairs = [
    ['uses', before.uses.map(manifestReferenceName), after.uses.map(manifestReferenceName)],
    ['tools', before.tools, after.tools],
    ['connectors', before.connectors, after.connectors],
    ['secrets', before.secrets, after.secrets],
  ] as const
  return pairs.flatMap(([name, was, is]) => {
    const changes = namedChanges({ before: was, after: is }, item => item)
    const added = changes.filter(change => change.before === undefined).map(change => change.name)
    const removed = changes.filter(change => change.after === undefined).map(change => change.name)
    return changes.length === 0 ? [] : [{ kind: 'list', name, added, removed }]
  })
}

function graphs(before: ManifestComponent, after: ManifestComponent): readonly ComponentChange[] {
  const empty: Graph = { nodes: [], edges: [] }
  const [was, is] = [before.graph ?? empty, after.graph ?? empty]
  const nodes = namedChanges({ before: was.nodes, after: is.nodes }, node => node.id)
  const edges = namedChanges({ before: was.edges.map(edgeName), after: is.edges.map(edgeName) }, edge => edge)
  return nodes.length === 0 && edges.length === 0 ? [] : [{ kind: 'graph', nodes, edges }]
}

function edgeName(edge: Graph['edges'][number]): string {
  return `${edge.from} → ${edge.to}`
}
