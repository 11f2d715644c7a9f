import type { Graph, GraphEdge, GraphNode } from '../manifest.ts'
import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, inRepository, problemAt } from './compile-problem.ts'
import { orderByNeeds } from './component-order.ts'
import { calledComponentProblems } from './graph-components.ts'
import type { GraphInPlace } from './graph-in-place.ts'
import { graphNeeds, portOf, unreachableNodes } from './graph-paths.ts'
import { fitsPort, isOptional } from './port-type.ts'

/** Everything in the graphs of a solution that does not fit together. */
export function graphProblems(facts: CompileFacts): readonly CompileProblem[] {
  return facts.solution.components.flatMap(component => {
    const reading = component.graph === undefined ? undefined : facts.graphs.get(component.graph)
    if (component.graph === undefined || reading?.ok !== true) return []
    const path = inRepository(facts.solution.path, component.graph)
    const file: GraphInPlace = { path, graph: reading.value, places: reading.places, component }
    const edges = edgeProblems(file)
    return [...calledComponentProblems(facts, file), ...edges, ...inputProblems(file), ...pathProblems(file)]
  })
}

function edgeProblems(file: GraphInPlace): readonly CompileProblem[] {
  return file.graph.edges.flatMap((edge, index): readonly CompileProblem[] => {
    const from = portOf(file.graph, edge.from)
    const to = portOf(file.graph, edge.to)
    const unknown = [
      ...unknownEnd(file.graph, { end: edge.from, side: 'outputs' }),
      ...unknownEnd(file.graph, { end: edge.to, side: 'inputs' }),
    ]
    const error = (code: CompileProblem['code'], message: string): CompileProblem =>
      problemAt(file, `edges[${index}]`, { severity: 'error', code, message })
    if (unknown.length > 0) return unknown.map(message => error('unknown_port', message))
    const [given, wanted] = [from.node?.outputs[from.port] ?? '', to.node?.inputs[to.port] ?? '']
    return fitsPort(given, wanted) ? [] : [error('type_mismatch', mismatchWords(edge, { given, wanted }))]
  })
}

function mismatchWords(edge: GraphEdge, types: { readonly given: string; readonly wanted: string }): string {
  const { given, wanted } = types
  const reason =
    isOptional(given) && !isOptional(wanted) && fitsPort(given.slice(0, -1), wanted)
      ? 'may be missing, and the input needs it'
      : `is not \`${wanted}\``
  return `\`${edge.from}\` gives \`${given}\` to \`${edge.to}\`: that ${reason}.`
}

function unknownEnd(
  graph: Graph,
  { end, side }: { readonly end: string; readonly side: 'inputs' | 'outputs' },
): readonly string[] {
  const { node, id, port } = portOf(graph, end)
  if (node === undefined) return [`The edge names the node \`${id}\`, which the graph does not have.`]
  if (Object.hasOwn(node[side], port)) return []
  const known = Object.keys(node[side])
  const word = side === 'inputs' ? 'input' : 'output'
  const listed = known.length === 0 ? `it has no ${word}` : `it has ${known.map(name => `\`${name}\``).join(', ')}`
  return [`\`${id}\` has no ${word} \`${port}\`; ${listed}.`]
}

function inputProblems(file: GraphInPlace): readonly CompileProblem[] {
  const connected = new Set(file.graph.edges.map(({ to }) => to))
  return file.graph.nodes.flatMap((node, index) =>
    Object.entries(node.inputs).flatMap(([port, type]): readonly CompileProblem[] => {
      if (isOptional(type) || connected.has(`${node.id}.${port}`)) return []
      const message = `Nothing leads to the input \`${node.id}.${port}\`, and it is required. Connect it, or write \`${type}?\`.`
      return [
        problemAt(file, `nodes[${index}].inputs.${port}`, { severity: 'error', code: 'unconnected_input', message }),
      ]
    }),
  )
}

function pathProblems(file: GraphInPlace): readonly CompileProblem[] {
  const { graph } = file
  const at = (id: string): string => `nodes[${graph.nodes.findIndex((node: GraphNode) => node.id === id)}]`
  const circles = orderByNeeds(graphNeeds(graph)).cycles.map(cycle => {
    const message = `Nodes wait for each other in a circle: ${[...cycle, cycle[0]].join(' after ')}.`
    return problemAt(file, at(cycle[0] ?? ''), { severity: 'error', code: 'cycle', message })
  })
  const lost = unreachableNodes(graph).map(id => {
    const message = `No path leads to the node \`${id}\` from one without inputs; it would never run.`
    return problemAt(file, at(id), { severity: 'error', code: 'unreachable_node', message })
  })
  return [...circles, ...lost]
}
