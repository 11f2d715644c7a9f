import type { Finding } from '../problem.ts'
import { isMap, valueAt, type YamlValue } from '../yaml/yaml-tree.ts'
import { checkFindings } from './check-findings.ts'
import { commandFindings } from './command-findings.ts'
import { componentFindings } from './component-findings.ts'
import { connectorFindings } from './connector-findings.ts'
import { type Declared, declaredComponents, declaredRings, declaredSolutions } from './declared.ts'
import { deployFindings } from './deploy-findings.ts'
import { environmentFindings } from './environment-findings.ts'
import { gateFindings } from './gate-findings.ts'
import { ringOrderFindings } from './ring-order-findings.ts'
import { secretFindings } from './secret-findings.ts'

/**
 * What one key of a ring file has against another. Works on what is written, not on what was understood, so that these problems are
 * listed together with all others.
 */
export function ringFileFindings(file: YamlValue): readonly Finding[] {
  return [
    ...emptyMap(file, []),
    ...environmentFindings(file),
    ...commandFindings(file),
    ...declaredSolutions(file).flatMap(solution => solutionFindings(file, solution)),
  ]
}

function solutionFindings(file: YamlValue, solution: Declared): readonly Finding[] {
  const components = declaredComponents(solution)
  const names = new Set(components.map(({ name }) => name))
  return [
    ...emptyMap(solution.value, solution.at),
    ...ringOrderFindings(solution),
    ...secretFindings(file, solution),
    ...connectorFindings(solution),
    ...components.flatMap(component => componentFindings(component, names)),
    ...declaredRings(solution).flatMap(ringFindings),
  ]
}

function ringFindings(ring: Declared): readonly Finding[] {
  return [...deployFindings(ring), ...checkFindings(ring), ...gateFindings(ring)]
}

/** A map that must name something and names nothing. */
function emptyMap(value: YamlValue, at: Declared['at']): readonly Finding[] {
  return ['solutions', 'components', 'rings'].flatMap((key): readonly Finding[] => {
    const inner = valueAt(value, [key])
    if (!isMap(inner) || Object.keys(inner).length > 0) return []
    return [
      {
        at: [...at, key],
        part: 'value',
        code: 'missing_key',
        message: `\`${key}\` is empty; it names at least one.`,
      },
    ]
  })
}
