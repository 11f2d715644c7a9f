import { type Finding, keyName, quotable } from '../problem.ts'
import { valueAt, type YamlValue } from '../yaml/yaml-tree.ts'
import { type Declared, declaredRings, declaredSolutions } from './declared.ts'

/** The GitHub Environment of a ring that names none. */
export function usualEnvironment(
  solutions: number,
  names: { readonly solution: string; readonly ring: string },
): string {
  return solutions === 1 ? names.ring : `${names.solution}-${names.ring}`
}

/** No two rings use one GitHub Environment: its name alone names solution and ring. GitHub compares these names without case. */
export function environmentFindings(file: YamlValue): readonly Finding[] {
  const solutions = declaredSolutions(file)
  const owners = new Map<string, Declared>()
  return solutions.flatMap(solution =>
    declaredRings(solution).flatMap((ring): readonly Finding[] => {
      const written = valueAt(ring.value, ['environment'])
      const name =
        typeof written === 'string'
          ? written
          : usualEnvironment(solutions.length, { solution: solution.name, ring: ring.name })
      const owner = owners.get(name.toLowerCase())
      if (owner === undefined) {
        owners.set(name.toLowerCase(), ring)
        return []
      }
      const own = `${solution.name}-${ring.name}`
      return [
        {
          at: typeof written === 'string' ? [...ring.at, 'environment'] : ring.at,
          part: typeof written === 'string' ? 'value' : 'key',
          code: 'duplicate',
          message: `The environment \`${quotable(name)}\` is used by \`${keyName(owner.at)}\` already; one environment belongs to one ring. Write \`environment: ${own}\`.`,
          suggestion: own,
        },
      ]
    }),
  )
}
