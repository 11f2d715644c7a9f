import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { graphReference } from '../../src/config/graph-reference.ts'
import { compile } from '../../src/domain/compile/compile.ts'
import { factsOf } from '../domain/compile/facts.ts'

const reference = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'graphs.md'), 'utf8')

it('the documentation of graphs is what the grammar says', () => {
  expect(graphReference()).toBe(reference)
})

it('the graph that it shows compiles', () => {
  const shown = /```yaml\n([^]*?)```/.exec(reference)?.[1] ?? ''
  const components =
    'refund: { kind: workflow, exec: npm run refund, graph: flow.yml, uses: [reasons] }\nreasons: { kind: config }'
  const report = compile(factsOf({ components, files: { 'flow.yml': shown } }))
  expect(report.problems).toEqual([])
  expect(report.components.find(({ name }) => name === 'refund')?.graph?.nodes).toHaveLength(4)
})
