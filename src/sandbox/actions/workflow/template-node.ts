import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'
import { workflowParser } from './workflow-language.ts'

/** A value of a workflow or action file before its expressions are evaluated. */
export type TemplateNode =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'sequence'; readonly items: readonly TemplateNode[] }
  | { readonly kind: 'mapping'; readonly entries: ReadonlyMap<string, TemplateNode> }

/** Converts the library's token tree, which alone still has everything the file said. */
export function templateNode(token: TemplateToken): TemplateNode {
  const { isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } = workflowParser
  if (isBasicExpression(token)) return { kind: 'expression', expression: token.expression }
  if (isMapping(token)) {
    const entries = new Map<string, TemplateNode>()
    for (const { key, value } of token) entries.set(key.toString(), templateNode(value))
    return { kind: 'mapping', entries }
  }
  if (isSequence(token)) return { kind: 'sequence', items: [...token].map(templateNode) }
  if (isString(token) || isBoolean(token) || isNumber(token)) return { kind: 'literal', value: token.value }
  return { kind: 'literal', value: null }
}

/** The entry `key` of a mapping; undefined for anything that is not a mapping or lacks it. */
export function entryOf(node: TemplateNode | undefined, key: string): TemplateNode | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key) : undefined
}

/** The entries of a mapping; none for anything else. */
export function entriesOf(node: TemplateNode | undefined): ReadonlyMap<string, TemplateNode> {
  return node?.kind === 'mapping' ? node.entries : new Map<string, TemplateNode>()
}

/** The text of a literal scalar; undefined for an expression, a list or a mapping. */
export function textOf(node: TemplateNode | undefined): string | undefined {
  return node?.kind === 'literal' && node.value !== null ? String(node.value) : undefined
}

/** A scalar or a list of scalars as a list of texts. */
export function textsOf(node: TemplateNode | undefined): readonly string[] {
  if (node?.kind === 'sequence') return node.items.flatMap(item => textOf(item) ?? [])
  const text = textOf(node)
  return text === undefined ? [] : [text]
}
