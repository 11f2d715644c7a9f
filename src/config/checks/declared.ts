import type { KeyPath } from '../problem.ts'
import { entriesAt, type YamlValue } from '../yaml/yaml-tree.ts'

/** A part of a ring file that may still be wrong in any way, with its place. */
export interface Declared {
  readonly name: string
  readonly value: YamlValue
  readonly at: KeyPath
}

/** The solutions that a file declares, whatever else is wrong with it. */
export function declaredSolutions(file: YamlValue): readonly Declared[] {
  return declared(file, ['solutions'])
}

/** The components of a solution. */
export function declaredComponents(solution: Declared): readonly Declared[] {
  return within(solution, 'components')
}

/** The rings of a solution. */
export function declaredRings(solution: Declared): readonly Declared[] {
  return within(solution, 'rings')
}

function within(parent: Declared, key: string): readonly Declared[] {
  return declared(parent.value, [key]).map(inner => ({ ...inner, at: [...parent.at, ...inner.at] }))
}

function declared(value: YamlValue, at: KeyPath): readonly Declared[] {
  return entriesAt(value, at).map(([name, inner]) => ({ name, value: inner, at: [...at, name] }))
}
