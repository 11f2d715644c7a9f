import type { Graph } from '../domain/manifest.ts'
import { graphSchema } from './grammar/graph-schema.ts'
import type { Finding, Problem } from './problem.ts'
import { type FileGrammar, type Places, readAgainstSchema } from './read-against-schema.ts'
import { isList, valueAt, type YamlValue } from './yaml/yaml-tree.ts'

/** What reading a graph gave. */
export type GraphReading =
  | { readonly ok: true; readonly value: Graph; readonly places: Places }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const grammar: FileGrammar<Graph> = { schema: graphSchema, check: twiceNamed }

/**
 * Reads the graph of a workflow: its form only. Whether its parts fit together, compile says. Never throws, whatever the text.
 *
 * @param text - the file
 * @param path - its name, as problems show it
 */
export function readGraph(text: string, path: string): GraphReading {
  return readAgainstSchema(text, { path, grammar })
}

function twiceNamed(file: YamlValue): readonly Finding[] {
  const nodes = valueAt(file, ['nodes'])
  if (!isList(nodes)) return []
  const seen = new Set<YamlValue>()
  return nodes.flatMap((node, index): readonly Finding[] => {
    const id = valueAt(node, ['id'])
    if (typeof id !== 'string') return []
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const message = `Two nodes are called \`${id}\`; give each a name of its own.`
    return [{ at: ['nodes', index, 'id'], part: 'value', code: 'duplicate', message }]
  })
}
