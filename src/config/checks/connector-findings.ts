import { closest } from '../../domain/closest.ts'
import { type Finding, quotable } from '../problem.ts'
import { entriesAt, textsAt } from '../yaml/yaml-tree.ts'
import { type Declared, declaredComponents } from './declared.ts'

/** Each connector that a solution says something about is used by one of its components. */
export function connectorFindings(solution: Declared): readonly Finding[] {
  const used = declaredComponents(solution).flatMap(component =>
    textsAt(component.value, ['connectors']).map(([, name]) => name),
  )
  return entriesAt(solution.value, ['connectors']).flatMap(([name]): readonly Finding[] => {
    if (used.includes(name)) return []
    const suggestion = closest(name, used)
    const instead = suggestion === undefined ? 'Remove it.' : `Did you mean \`${suggestion}\`?`
    const message = `No component of this solution uses the connector \`${quotable(name)}\`. ${instead}`
    return [{ at: [...solution.at, 'connectors', name], part: 'key', code: 'unknown_name', message, suggestion }]
  })
}
