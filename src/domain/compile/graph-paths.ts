import type { Graph, GraphNode } from '../manifest.ts'
import { orderByNeeds } from './component-order.ts'

/** One end of an edge: `<node>.<port>`. */
export interface GraphPort {
  readonly id: string
  readonly port: string
  /** Undefined when the graph has no such node. */
  readonly node: GraphNode | undefined
}

/** Reads one end of an edge. */
export function portOf(graph: Graph, end: string): GraphPort {
  const [id = '', port = ''] = end.split('.')
  return { id, port, node: graph.nodes.find(node => node.id === id) }
}

/** The nodes that must run before each node. */
export function graphNeeds(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const needs = new Map(graph.nodes.map(({ id }): [string, string[]] => [id, []]))
  for (const { from, to } of graph.edges) needs.get(nodeOf(to))?.push(nodeOf(from))
  return needs
}

function nodeOf(end: string): string {
  return end.split('.')[0] ?? ''
}

/** The nodes that no path leads to from a node without inputs. Those in a circle, and behind it, are said to be in a circle instead. */
export function unreachableNodes(graph: Graph): readonly string[] {
  const needs = graphNeeds(graph)
  const reached = new Set(graph.nodes.filter(({ inputs }) => Object.keys(inputs).length === 0).map(({ id }) => id))
  for (let before = -1; before !== reached.size; ) {
    before = reached.size
    for (const [id, sources] of needs) if (sources.some(source => reached.has(source))) reached.add(id)
  }
  const circling = new Set(orderByNeeds(needs).cycles.flat())
  const touched = new Set(graph.edges.flatMap(({ from, to }) => [portOf(graph, from).id, portOf(graph, to).id]))
  return graph.nodes
    .map(({ id }) => id)
    .filter(id => {
      const isAlone = graph.nodes.length > 1 && !touched.has(id)
      return (
        isAlone || (!reached.has(id) && !circling.has(id) && !(needs.get(id) ?? []).some(need => circling.has(need)))
      )
    })
}

/** The graph with its nodes in the order in which they can run: the plan of a workflow. */
export function plannedGraph(graph: Graph): Graph {
  const place = new Map(orderByNeeds(graphNeeds(graph)).order.map((id, index) => [id, index]))
  const at = ({ id }: GraphNode): number => place.get(id) ?? 0
  const edges = graph.edges.toSorted((a, b) => compareText(`${a.from} ${a.to}`, `${b.from} ${b.to}`))
  return { nodes: graph.nodes.toSorted((a, b) => at(a) - at(b)), edges }
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
