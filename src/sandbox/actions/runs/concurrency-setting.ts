import type { Scope } from '../expression/evaluate-expression.ts'
import { evaluateFlag, evaluateText } from '../expression/evaluate-template.ts'
import { entryOf, type TemplateNode } from '../workflow/template-node.ts'
import type { Contender } from './concurrency-groups.ts'

export type ConcurrencySetting = Pick<Contender, 'group' | 'cancelInProgress' | 'queue'>

/** Evaluates `concurrency:` of a workflow or job; an empty group is none. */
export function concurrencySetting(node: TemplateNode | undefined, scope: Scope): ConcurrencySetting | undefined {
  if (node === undefined) return undefined
  const isMapping = node.kind === 'mapping'
  const group = evaluateText(isMapping ? entryOf(node, 'group') : node, scope)
  if (group === undefined || group === '') return undefined
  return {
    group,
    cancelInProgress: evaluateFlag(entryOf(node, 'cancel-in-progress'), scope),
    queue: evaluateText(entryOf(node, 'queue'), scope) === 'max' ? 'max' : 'single',
  }
}
