import { type Component, type ComponentReference, referenceName } from '../solution.ts'
import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, problemAt } from './compile-problem.ts'
import type { Order } from './component-order.ts'
import { keyOf } from './entry-problems.ts'

/** What each component of a solution needs of the same solution, by name. */
export function componentNeeds(components: readonly Component[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    components.map(({ name, uses }) => [name, uses.flatMap(use => (use.kind === 'local' ? [use.component] : []))]),
  )
}

/** Everything under `uses` is there, and nothing uses itself in a circle. */
export function referenceProblems(facts: CompileFacts, { cycles }: Pick<Order, 'cycles'>): readonly CompileProblem[] {
  const unknown = facts.solution.components.flatMap(component =>
    component.uses.flatMap((use, index) =>
      isThere(facts, use) ? [] : [unknownReference(facts, { component, use, index })],
    ),
  )
  const circles = cycles.flatMap(cycle => {
    const first = facts.solution.components.find(({ name }) => name === cycle[0])
    if (first === undefined) return []
    const message = `Components use each other in a circle: ${[...cycle, first.name].join(' uses ')}. Take one \`uses\` out of it.`
    return [problemAt(facts.ringFile, keyOf(facts, first, 'uses'), { severity: 'error', code: 'cycle', message })]
  })
  return [...unknown, ...circles]
}

function isThere({ solution, published }: CompileFacts, use: ComponentReference): boolean {
  return use.kind === 'local'
    ? solution.components.some(({ name }) => name === use.component)
    : published.has(referenceName(use))
}

function unknownReference(
  facts: CompileFacts,
  found: { readonly component: Component; readonly use: ComponentReference; readonly index: number },
): CompileProblem {
  const { component, use, index } = found
  const name = referenceName(use)
  const message =
    use.kind === 'local'
      ? `${component.name} uses \`${name}\`, which this solution does not declare.`
      : `${component.name} uses \`${name}\`, and no published version ${use.version} of ${use.solution} has a component ${use.component}. See its versions with \`ringway show\`.`
  return problemAt(facts.ringFile, `${keyOf(facts, component, 'uses')}[${index}]`, {
    severity: 'error',
    code: 'unknown_reference',
    message,
  })
}
