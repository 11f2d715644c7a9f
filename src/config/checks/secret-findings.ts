import type { Finding, KeyPath } from '../problem.ts'
import { entriesAt, textsAt, type YamlValue } from '../yaml/yaml-tree.ts'
import { type Declared, declaredComponents, declaredRings } from './declared.ts'

/** What a component calls a secret may not stand in any configuration layer that it sees: those are shown to people and stored. */
export function secretFindings(file: YamlValue, solution: Declared): readonly Finding[] {
  const secrets = new Map(
    declaredComponents(solution).flatMap(component =>
      textsAt(component.value, ['secrets']).map(([, name]) => [name, component.name] as const),
    ),
  )
  const layers: readonly (readonly [YamlValue, KeyPath])[] = [
    [file, []],
    [solution.value, solution.at],
    ...declaredRings(solution).map(ring => [ring.value, ring.at] as const),
  ]
  return layers.flatMap(([value, at]) =>
    entriesAt(value, ['config']).flatMap(([name]): readonly Finding[] => {
      const component = secrets.get(name)
      if (component === undefined) return []
      const message = `\`${name}\` is a secret of the component \`${component}\`, and configuration is not secret. Remove it here and keep the value in the GitHub Environment.`
      return [{ at: [...at, 'config', name], part: 'key', code: 'contradiction', message }]
    }),
  )
}
