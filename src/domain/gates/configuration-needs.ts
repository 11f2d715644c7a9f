import type { Manifest } from '../manifest.ts'
import type { Solution } from '../solution.ts'
import type { RingNeeds } from './configuration-gate.ts'

/**
 * What an artifact needs of whatever ring it enters, each name once and in order. How its connectors are known, and which values are
 * required, says the solution as the default branch has it. A connector that is a component of the solution itself is deployed with it.
 */
export function configurationNeeds(
  { components }: Pick<Manifest, 'components'>,
  solution: Pick<Solution, 'connectors' | 'requiredConfig'>,
): RingNeeds {
  const own = new Set(components.map(({ name }) => name))
  const connectors = sorted(components.flatMap(component => component.connectors)).filter(name => !own.has(name))
  const declared = new Map(Object.entries(solution.connectors))
  return {
    secrets: sorted(components.flatMap(({ secrets }) => secrets)),
    connectors: connectors.map(connector => ({ connector, connectedBy: declared.get(connector) })),
    values: sorted(solution.requiredConfig),
  }
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted()
}
