import type { GraphNode, JsonSchema } from '../manifest.ts'
import { isRecord, namedSchemasAt, own, textsAt } from '../schema/read-schema.ts'
import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, problemAt } from './compile-problem.ts'
import type { GraphInPlace } from './graph-in-place.ts'
import { schemaOf } from './interface-files.ts'
import { isOptional, jsonTypesOf } from './port-type.ts'

/** What the nodes of a graph call is there, is listed under `uses`, and fits the schemas that the called component declares. */
export function calledComponentProblems(facts: CompileFacts, file: GraphInPlace): readonly CompileProblem[] {
  return file.graph.nodes.flatMap((node, index) => {
    if (node.component === undefined) return []
    const called = facts.solution.components.find(({ name }) => name === node.component)
    const uses = file.component.uses.find(use => use.component === node.component)
    const error = (code: CompileProblem['code'], message: string, key = 'component'): CompileProblem =>
      problemAt(file, `nodes[${index}].${key}`, { severity: 'error', code, message })
    if (called === undefined && uses?.kind !== 'published') {
      return [
        error(
          'unknown_component',
          `The node \`${node.id}\` calls \`${node.component}\`, which this solution does not declare.`,
        ),
      ]
    }
    if (uses === undefined) {
      const message = `The node \`${node.id}\` calls \`${node.component}\`, which ${file.component.name} does not list under \`uses\`.`
      return [error('unknown_component', message)]
    }
    const callee = calleeSchemas(facts, uses)
    return [
      ...inputMismatches(node, callee.input).map(({ port, message }) =>
        error('interface_mismatch', message, `inputs${port}`),
      ),
      ...outputMismatches(node, callee.output).map(({ port, message }) =>
        error('interface_mismatch', message, `outputs${port}`),
      ),
    ]
  })
}

interface Mismatch {
  /** `.amount`, or empty for the ports as a whole. */
  readonly port: string
  readonly message: string
}

function calleeSchemas(
  facts: CompileFacts,
  use: GraphInPlace['component']['uses'][number],
): { readonly input: JsonSchema | undefined; readonly output: JsonSchema | undefined } {
  if (use.kind === 'published') {
    const found = facts.published.get(`${use.solution}/${use.component}@v${use.version}`)
    return { input: found?.input, output: found?.output }
  }
  const callee = facts.solution.components.find(({ name }) => name === use.component)
  return { input: schemaOf(facts, callee?.input), output: schemaOf(facts, callee?.output) }
}

/** A callee gets what its input schema requires, and nothing that it refuses. */
function inputMismatches(node: GraphNode, input: JsonSchema | undefined): readonly Mismatch[] {
  const fields = fieldsOf(input)
  if (fields === undefined) return []
  const missing = fields.required
    .filter(name => !Object.hasOwn(node.inputs, name) || isOptional(node.inputs[name] ?? ''))
    .map(name => ({
      port: Object.hasOwn(node.inputs, name) ? `.${name}` : '',
      message: `\`${node.component}\` requires \`${name}\`, which the node \`${node.id}\` does not always give it.`,
    }))
  const refused = Object.entries(node.inputs).flatMap(([port, type]) =>
    portMismatch({ node, port, type, fields, side: 'takes' }),
  )
  return [...missing, ...refused]
}

/** A node promises only what its callee's output schema knows. */
function outputMismatches(node: GraphNode, output: JsonSchema | undefined): readonly Mismatch[] {
  const fields = fieldsOf(output)
  if (fields === undefined) return []
  return Object.entries(node.outputs).flatMap(([port, type]) =>
    portMismatch({ node, port, type, fields, side: 'gives' }),
  )
}

function portMismatch(request: {
  readonly node: GraphNode
  readonly port: string
  readonly type: string
  readonly fields: Fields
  readonly side: 'takes' | 'gives'
}): readonly Mismatch[] {
  const { node, port, type, fields, side } = request
  const types = fields.types.get(port)
  if (types === undefined) {
    if (!fields.isClosed) return []
    return [{ port: `.${port}`, message: `\`${node.component}\` ${side} no \`${port}\`, as its schema says.` }]
  }
  const own = jsonTypesOf(type)
  if (own === undefined || types.length === 0 || types.some(name => own.includes(name))) return []
  return [
    {
      port: `.${port}`,
      message: `\`${node.id}.${port}\` is \`${type}\`, and \`${node.component}\` ${side} \`${types.join(' or ')}\` there.`,
    },
  ]
}

interface Fields {
  /** Properties and their JSON types; none where the schema does not say. */
  readonly types: ReadonlyMap<string, readonly string[]>
  readonly required: readonly string[]
  readonly isClosed: boolean
}

/** What a schema says of a map's fields; undefined when it says nothing that can be read off. */
function fieldsOf(schema: JsonSchema | undefined): Fields | undefined {
  if (!isRecord(schema) || own(schema, 'properties') === undefined) return undefined
  const isPlain = ['allOf', 'anyOf', 'oneOf', '$ref', 'patternProperties'].every(
    keyword => own(schema, keyword) === undefined,
  )
  return {
    types: new Map([...namedSchemasAt(schema, 'properties')].map(([name, property]) => [name, typeNames(property)])),
    required: textsAt(schema, 'required'),
    isClosed: isPlain && own(schema, 'additionalProperties') === false,
  }
}

function typeNames(property: JsonSchema): readonly string[] {
  if (!isRecord(property)) return []
  const type = own(property, 'type')
  return typeof type === 'string' ? [type] : textsAt(property, 'type')
}
