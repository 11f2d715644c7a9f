import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/domain/compile/compile.ts'
import { factsOf, problemsOf } from './facts.ts'

const refund = 'refund: { kind: workflow, exec: npm run refund, graph: flow.yml'

function graphProblems(graph: string, more = ' }'): readonly string[] {
  return problemsOf({ components: refund + more, files: { 'flow.yml': graph } })
}

const pair = (given: string, wanted: string): string =>
  `nodes:\n  - { id: a, outputs: { x: "${given}" } }\n  - { id: b, inputs: { y: "${wanted}" } }\nedges:\n  - a.x -> b.y\n`

describe('[D1] the parts of a graph fit together', () => {
  it.each([
    { given: 'text', wanted: 'text' },
    { given: 'text', wanted: 'text?' },
    { given: 'text[]', wanted: 'any' },
    { given: 'any', wanted: 'money' },
  ])('$given into $wanted', ({ given, wanted }) => {
    expect(graphProblems(pair(given, wanted))).toEqual([])
  })

  it.each([
    { given: 'text', wanted: 'money', why: 'is not `money`' },
    { given: 'text', wanted: 'text[]', why: 'is not `text[]`' },
    { given: 'text?', wanted: 'text', why: 'may be missing, and the input needs it' },
    { given: 'money?', wanted: 'text', why: 'is not `text`' },
  ])('$given not into $wanted', ({ given, wanted, why }) => {
    expect(graphProblems(pair(given, wanted))).toEqual([
      `error sub/flow.yml:5 type_mismatch \`a.x\` gives \`${given}\` to \`b.y\`: that ${why}.`,
    ])
  })

  it.each([
    {
      why: 'a required input that nothing leads to',
      graph:
        'nodes:\n  - { id: a, outputs: { x: text } }\n  - { id: b, inputs: { x: text, y: money } }\nedges: [ a.x -> b.x ]',
      says: [
        'error sub/flow.yml:3 unconnected_input Nothing leads to the input `b.y`, and it is required. Connect it, or write `money?`.',
      ],
    },
    {
      why: 'a node that no path leads to',
      graph: 'nodes:\n  - { id: a }\n  - { id: b, inputs: { x: text? } }',
      says: [
        'error sub/flow.yml:2 unreachable_node No path leads to the node `a` from one without inputs; it would never run.',
        'error sub/flow.yml:3 unreachable_node No path leads to the node `b` from one without inputs; it would never run.',
      ],
    },
    {
      why: 'an edge to a node that is not there',
      graph: 'nodes:\n  - { id: a, outputs: { x: text } }\nedges:\n  - a.x -> c.y',
      says: ['error sub/flow.yml:4 unknown_port The edge names the node `c`, which the graph does not have.'],
    },
    {
      why: 'an edge from a port that is not there',
      graph:
        'nodes:\n  - { id: a, outputs: { x: text } }\n  - { id: b, inputs: { y: text? } }\nedges:\n  - a.x -> b.y\n  - a.z -> b.y',
      says: ['error sub/flow.yml:6 unknown_port `a` has no output `z`; it has `x`.'],
    },
    {
      why: 'a circle',
      graph:
        'nodes:\n  - { id: s, outputs: { x: text } }\n  - { id: a, inputs: { x: text, y: text }, outputs: { z: text } }\n  - { id: b, inputs: { z: text }, outputs: { y: text } }\nedges: [ s.x -> a.x, a.z -> b.z, b.y -> a.y ]',
      says: ['error sub/flow.yml:3 cycle Nodes wait for each other in a circle: a after b after a.'],
    },
    {
      why: 'a name twice',
      graph: 'nodes:\n  - { id: a }\n  - { id: a }',
      says: ['error sub/flow.yml:3 graph_invalid Two nodes are called `a`; give each a name of its own.'],
    },
    {
      why: 'an edge that cannot be read',
      graph: 'nodes:\n  - { id: a }\nedges:\n  - a to b',
      says: [
        'error sub/flow.yml:4 graph_invalid `edges[0]` is `a to b`; expected is a connection `<node>.<output> -> <node>.<input>`, such as `request.reason -> check.reason`.',
      ],
    },
    {
      why: 'an unknown key',
      graph: 'nodes:\n  - { id: a, input: {} }',
      says: ['error sub/flow.yml:2 graph_invalid `input` is no key of `nodes[0]`. Did you mean `inputs`?'],
    },
  ])('$why', ({ graph, says }) => {
    expect(graphProblems(graph)).toEqual(says)
  })
})

describe('[D1] nodes call components', () => {
  const graph = (inputs: string, outputs = '{}'): string =>
    `nodes:\n  - { id: s, outputs: { id: text, n: number } }\n  - { id: c, component: lookup, inputs: ${inputs}, outputs: ${outputs} }\nedges:\n${[...inputs.matchAll(/(\w+):/g)].map(([, port]) => `  - s.${port} -> c.${port}`).join('\n')}`
  const lookup = '\nlookup: { kind: code, exec: npm run lookup, input: in.json, output: out.json }'
  const files = {
    'in.json':
      '{ "type": "object", "properties": { "id": { "type": "string" }, "n": { "type": "integer" } }, "required": ["id"], "additionalProperties": false }',
    'out.json': '{ "type": "object", "properties": { "total": { "type": "number" } } }',
  }
  const problems = (text: string, uses = ', uses: [lookup] }'): readonly string[] =>
    problemsOf({ components: `${refund}${uses}${lookup}`, files: { ...files, 'flow.yml': text } })

  it.each([
    { why: 'that fit', text: graph('{ id: text, n: number }', '{ total: money, more: text }'), says: [] },
    {
      why: 'without what they require',
      text: graph('{ n: number }'),
      says: [
        'error sub/flow.yml:3 interface_mismatch `lookup` requires `id`, which the node `c` does not always give it.',
      ],
    },
    {
      why: 'with what they refuse',
      text: graph('{ id: text, n: text }').replace('n: number', 'n: text'),
      says: ['error sub/flow.yml:3 interface_mismatch `c.n` is `text`, and `lookup` takes `integer` there.'],
    },
    {
      why: 'and promise what they do not give',
      text: graph('{ id: text }', '{ total: text }'),
      says: ['error sub/flow.yml:3 interface_mismatch `c.total` is `text`, and `lookup` gives `number` there.'],
    },
  ])('$why', ({ text, says }) => {
    expect(problems(text)).toEqual(says)
  })

  it('that the component lists', () => {
    expect(problems(graph('{ id: text }'), ' }')).toEqual([
      'error sub/flow.yml:3 unknown_component The node `c` calls `lookup`, which refund does not list under `uses`.',
    ])
  })

  it('that exist', () => {
    expect(graphProblems(graph('{ id: text }'))).toEqual([
      'error sub/flow.yml:3 unknown_component The node `c` calls `lookup`, which this solution does not declare.',
    ])
  })
})

it('[D1] the plan has the nodes in the order in which they can run, whatever the order in the file', () => {
  const nodes = [
    '{ id: c, inputs: { x: t } }',
    '{ id: b, inputs: { x: t }, outputs: { y: t } }',
    '{ id: a, outputs: { x: t } }',
  ]
  const plan = (order: readonly string[]): unknown => {
    const text = `nodes: [ ${order.join(', ')} ]\nedges: [ b.y -> c.x, a.x -> b.x ]`
    return compile(factsOf({ components: `${refund} }`, files: { 'flow.yml': text } })).components[0]?.graph
  }
  expect(plan(nodes)).toMatchObject({
    nodes: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
    edges: [{ from: 'a.x' }, { from: 'b.y' }],
  })
  expect(plan(nodes.toReversed())).toEqual(plan(nodes))
})
