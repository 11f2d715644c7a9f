import type { TemplateNode } from '../workflow/template-node.ts'
import { entriesOf } from '../workflow/template-node.ts'
import { evaluateExpression, isTruthy, type Scope, textOfJson } from './evaluate-expression.ts'
import type { Json } from './json.ts'

/** The value of a node after all of its expressions. */
export function evaluateTemplate(node: TemplateNode, scope: Scope): Json {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'expression':
      return evaluateExpression(node.expression, scope)
    case 'composed':
      return node.parts.map(part => (part.kind === 'text' ? part.text : evaluated(part.expression, scope))).join('')
    case 'sequence':
      return node.items.map(item => evaluateTemplate(item, scope))
    case 'mapping':
      return evaluateMapping(node.entries, scope)
  }
}

/** The value as text; undefined where the file says nothing. */
export function evaluateText(node: TemplateNode | undefined, scope: Scope): string | undefined {
  return node === undefined ? undefined : evaluatedText(node, scope)
}

/** A mapping of texts such as `env` or `with`. */
export function evaluateTexts(node: TemplateNode | undefined, scope: Scope): Readonly<Record<string, string>> {
  const value = node?.kind === 'expression' ? evaluateExpression(node.expression, scope) : undefined
  if (value !== undefined) {
    const isMapping = value !== null && typeof value === 'object'
    return isMapping ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOfJson(item)])) : {}
  }
  return Object.fromEntries([...entriesOf(node)].map(([key, item]) => [key, evaluatedText(item, scope)]))
}

/** A true-or-false setting such as `continue-on-error`; `otherwise` where the file says nothing. */
export function evaluateFlag(node: TemplateNode | undefined, scope: Scope, otherwise = false): boolean {
  return node === undefined ? otherwise : isTruthy(evaluateTemplate(node, scope))
}

function evaluatedText(node: TemplateNode, scope: Scope): string {
  return node.kind === 'literal' ? node.text : textOfJson(evaluateTemplate(node, scope))
}

function evaluated(expression: string, scope: Scope): string {
  return textOfJson(evaluateExpression(expression, scope))
}

function evaluateMapping(entries: ReadonlyMap<string, TemplateNode>, scope: Scope): Json {
  return Object.fromEntries([...entries].map(([key, item]) => [key, evaluateTemplate(item, scope)]))
}
