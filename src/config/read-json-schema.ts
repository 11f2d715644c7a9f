import { schemaFaults } from '../domain/compile/schema-faults.ts'
import type { JsonSchema } from '../domain/manifest.ts'
import { keyName, type Problem } from './problem.ts'
import { inOrder, type Places, placesOf } from './read-against-schema.ts'
import { readYaml } from './yaml/read-yaml.ts'
import { isMap, nearestNode, type YamlValue } from './yaml/yaml-tree.ts'

/** What reading a JSON Schema gave. */
export type JsonSchemaReading =
  | { readonly ok: true; readonly value: JsonSchema; readonly places: Places }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads a JSON Schema and checks that it is one: that every keyword holds what it must, and every local reference leads somewhere.
 * Never throws, whatever the text.
 *
 * @param text - the file, JSON
 * @param path - its name, as problems show it
 */
export function readJsonSchema(text: string, path: string): JsonSchemaReading {
  const reading = readYaml(text, { path, dialect: 'json' })
  const problem = (offset: number, fault: Pick<Problem, 'code' | 'key' | 'message'>): Problem => ({
    severity: 'error',
    path,
    ...reading.placeOf(offset),
    ...fault,
  })
  if (reading.problems.length > 0) return { ok: false, problems: reading.problems }
  const strict = jsonProblem(text, problem)
  if (strict !== undefined) return { ok: false, problems: [strict] }
  const { value } = reading.root
  const problems = schemaFaults(value).map(({ at, message }) =>
    problem(nearestNode(reading.root, at).offset, { code: 'wrong_value', key: keyName(at), message }),
  )
  if (problems.length > 0 || !isJsonSchema(value)) return { ok: false, problems: inOrder(problems) }
  return { ok: true, value, places: placesOf(reading) }
}

function isJsonSchema(value: YamlValue): value is JsonSchema {
  return typeof value === 'boolean' || isMap(value)
}

/** What YAML would take and JSON does not, such as a comment or a comma too many. */
function jsonProblem(
  text: string,
  problem: (offset: number, fault: Pick<Problem, 'code' | 'key' | 'message'>) => Problem,
): Problem | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const offset = Number(/at position ([0-9]+)/.exec(words)?.[1] ?? 0)
    const message = 'This is no JSON: a comma, a comment or a quote may be too many or missing here.'
    return problem(offset, { code: 'syntax', key: '', message })
  }
}
