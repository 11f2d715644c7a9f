import { describe, expect, it } from 'vitest'
import { readGraph } from '../../../src/config/read-graph.ts'
import { compile } from '../../../src/domain/compile/compile.ts'
import type { CompileFacts } from '../../../src/domain/compile/compile-facts.ts'
import { looseRequirements } from '../../../src/domain/compile/requirement-lines.ts'
import type { Component } from '../../../src/domain/solution.ts'

const component: Component = {
  name: 'flow',
  kind: 'workflow',
  files: [],
  exec: 'true',
  graph: 'flow.yml',
  uses: [],
  tools: [],
  connectors: [],
  secrets: [],
}

function facts(over: Partial<CompileFacts>, components: readonly Component[] = []): CompileFacts {
  return {
    solution: {
      name: 'big',
      path: '.',
      include: ['**'],
      exclude: [],
      components,
      config: {},
      connectors: {},
      requiredConfig: [],
      rings: [],
    },
    ringFile: { path: '.github/rings.yml', places: {} },
    files: [],
    texts: new Map(),
    schemas: new Map(),
    graphs: new Map(),
    treeProblems: [],
    secrets: [],
    published: new Map(),
    ...over,
  }
}

function took(work: () => unknown): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

describe('a solution as large as one may be', () => {
  it('has the largest graph planned in time', () => {
    const nodes = Array.from({ length: 800 }, (_, index) => ` - {id: n${index}, inputs: {a: t?}, outputs: {b: t}}`)
    const edges = Array.from({ length: 799 }, (_, index) => ` - n${index + 1}.b -> n${index}.a`)
    const graph = readGraph(['nodes:', ...nodes, 'edges:', ...edges].join('\n'), 'flow.yml')
    if (!graph.ok) throw new Error(graph.problems[0]?.message)

    const large = facts({ graphs: new Map([['flow.yml', graph]]) }, [component])
    expect(took(() => compile(large))).toBeLessThan(1_500)
    const planned = compile(large).components[0]?.graph?.nodes.map(({ id }) => id)
    expect(planned).toEqual(Array.from({ length: 800 }, (_, index) => `n${799 - index}`))
  })

  it('has a thousand components in one chain put in order in time', () => {
    const chain = Array.from({ length: 1_000 }, (_, index): Component => {
      const uses = index < 999 ? [{ kind: 'local' as const, component: `c${index + 1}` }] : []
      return { ...component, name: `c${index}`, graph: undefined, uses }
    })
    expect(took(() => compile(facts({}, chain)))).toBeLessThan(1_500)
    expect(compile(facts({}, chain)).plan.order).toEqual(chain.map(({ name }) => name).toReversed())
  })

  it('has requirements of blanks read in time', () => {
    const blanks = `${'a'.repeat(200)}${' '.repeat(300)}x\n`.repeat(500)
    expect(took(() => looseRequirements(blanks))).toBeLessThan(500)
  })
})
