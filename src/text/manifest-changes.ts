import type { ComponentChange } from '../domain/difference/component-difference.ts'
import type { ComponentDifference, LayerChange, ManifestDifference } from '../domain/difference/manifest-difference.ts'
import type { NamedChange } from '../domain/difference/named-changes.ts'
import { type ChangeLine, sayChange, sayValue } from './change-lines.ts'
import { sayDuration } from './duration.ts'

/** What differs between two artifacts: components first, then configuration, dependencies, files. Empty where nothing does. */
export function manifestChangeLines(difference: ManifestDifference): readonly ChangeLine[] {
  return [
    ...difference.components.flatMap(componentLines),
    ...difference.config.map(layerLine),
    ...difference.locks.map(change => namedLine('dependency lock', change)),
    ...fileLine(difference.files),
  ]
}

function componentLines(difference: ComponentDifference): readonly ChangeLine[] {
  if (difference.kind !== 'changed') {
    const { kind, name } = difference.component
    return [{ sign: difference.kind === 'added' ? '+' : '-', words: `${kind} ${name}` }]
  }
  const head: ChangeLine = { sign: '~', words: difference.name }
  return [head, ...difference.changes.flatMap(changeLines).map(words => ({ sign: ' ', words }) as const)]
}

function changeLines(change: ComponentChange): readonly string[] {
  switch (change.kind) {
    case 'setting':
      return change.name === 'timeout'
        ? [`timeout: ${sayTimeout(change.before)} → ${sayTimeout(change.after)}`]
        : [`${change.name}: ${sayChange(change.before, change.after)}`]
    case 'schema':
      return change.changes.map(
        ({ path, before, after }) =>
          `${path === '' ? change.name : `${change.name} ${path}`}: ${sayChange(before, after)}`,
      )
    case 'list':
      return [
        `${change.name}: ${[...change.added.map(name => `+${name}`), ...change.removed.map(name => `-${name}`)].join(', ')}`,
      ]
    case 'graph':
      return [
        ...change.nodes.map(node => `graph node ${node.name}: ${whatHappened(node)}`),
        ...change.edges.map(edge => `graph edge ${edge.name}: ${whatHappened(edge)}`),
      ]
    case 'files':
      return ['its files']
  }
}

function layerLine({ layer, name, before, after }: LayerChange): ChangeLine {
  if (before === undefined) return { sign: '+', words: `config ${name} = ${sayValue(after)} (${layer})` }
  if (after === undefined) return { sign: '-', words: `config ${name} = ${sayValue(before)} (${layer})` }
  return { sign: '~', words: `config ${name} = ${sayChange(before, after)} (${layer})` }
}

function namedLine(what: string, change: NamedChange<unknown>): ChangeLine {
  const sign = change.before === undefined ? '+' : change.after === undefined ? '-' : '~'
  return { sign, words: `${what} ${change.name}` }
}

function fileLine({ added, removed, changed }: ManifestDifference['files']): readonly ChangeLine[] {
  const parts = [
    [added, 'new'],
    [removed, 'gone'],
    [changed, 'changed'],
  ] as const
  const words = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return words.length === 0 ? [] : [{ sign: '~', words: `files: ${words.join(', ')}` }]
}

function whatHappened(change: NamedChange<unknown>): string {
  return change.before === undefined ? 'new' : change.after === undefined ? 'gone' : 'changed'
}

function sayTimeout(value: string | number | undefined): string {
  return typeof value === 'number' ? sayDuration(value) : '–'
}
