import { closest } from '../../domain/closest.ts'
import { type Finding, type KeyPath, quotable } from '../problem.ts'
import { textsAt, valueAt, type YamlValue } from '../yaml/yaml-tree.ts'
import type { Declared } from './declared.ts'

/**
 * What stands in a component together and cannot, and what it uses and nobody declares.
 *
 * @param names - the components of its solution
 */
export function componentFindings(component: Declared, names: ReadonlySet<string>): readonly Finding[] {
  return [
    ...entryFindings(component),
    ...usesFindings(component, names),
    ...['uses', 'tools', 'connectors', 'secrets', 'files'].flatMap(key => twiceFindings(component, key)),
  ]
}

function entryFindings(component: Declared): readonly Finding[] {
  const has = (key: string): boolean => valueAt(component.value, [key]) !== undefined
  const contradict = (key: string, message: string): Finding => ({
    at: [...component.at, key],
    part: 'key',
    code: 'contradiction',
    message,
  })
  const findings: Finding[] = []
  if (has('start') && has('exec')) {
    findings.push(
      contradict(
        'exec',
        '`start` (a process that speaks HTTP) and `exec` (a process per run) exclude each other; remove one.',
      ),
    )
  }
  if (has('path') && !has('start')) {
    findings.push(
      contradict('path', '`path` is where a component with `start` answers; write `start`, or remove `path`.'),
    )
  }
  return findings
}

function usesFindings(component: Declared, names: ReadonlySet<string>): readonly Finding[] {
  const at = (index: number): KeyPath => [...component.at, 'uses', index]
  return textsAt(component.value, ['uses']).flatMap(([index, written]): readonly Finding[] => {
    if (written === component.name) {
      const message = `\`${written}\` uses itself; remove it.`
      return [{ at: at(index), part: 'value', code: 'cycle', message }]
    }
    if (written.includes('/') || written.includes('@') || names.has(written)) return []
    const suggestion = closest(
      written,
      [...names].filter(name => name !== component.name),
    )
    const instead =
      suggestion === undefined
        ? 'Declare it, or write `<solution>/<component>@v<number>` for one of another solution.'
        : `Did you mean \`${suggestion}\`?`
    const message = `\`uses\` names \`${quotable(written)}\`, and this solution has no such component. ${instead}`
    return [{ at: at(index), part: 'value', code: 'unknown_name', message, suggestion }]
  })
}

/** Items of a list that stand there twice. */
export function twiceFindings(
  parent: { readonly value: YamlValue; readonly at: KeyPath },
  key: string,
): readonly Finding[] {
  const seen = new Set<string>()
  return textsAt(parent.value, [key]).flatMap(([index, written]): readonly Finding[] => {
    if (!seen.has(written)) {
      seen.add(written)
      return []
    }
    const message = `\`${quotable(written)}\` stands in \`${key}\` twice; remove one.`
    return [{ at: [...parent.at, key, index], part: 'value', code: 'duplicate', message }]
  })
}
