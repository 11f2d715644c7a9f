import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml'
import { splitTemplate, type TemplatePart } from './split-template.ts'

/** A value of a workflow or action file before its expressions are evaluated. */
export type TemplateNode =
  /** `text` is the scalar as the file spells it: `1.10` stays `1.10` where a text is asked for. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly text: string }
  /** Nothing but one expression: its value keeps its type. */
  | { readonly kind: 'expression'; readonly expression: string }
  /** A text with expressions in it. */
  | { readonly kind: 'composed'; readonly parts: readonly TemplatePart[] }
  | { readonly kind: 'sequence'; readonly items: readonly TemplateNode[] }
  | { readonly kind: 'mapping'; readonly entries: ReadonlyMap<string, TemplateNode> }

/**
 * Reads a file that GitHub's parser has found to be valid.
 *
 * The parser's own token tree is not used for values: it folds texts with expressions into `format(…)` and keeps the
 * file's indentation in block scalars, which would break scripts that care about it.
 */
export function templateNodeOf(content: string): TemplateNode {
  const document = parseDocument(content, { uniqueKeys: false })
  return convert(document, document.contents)
}

function convert(document: Document, node: unknown): TemplateNode {
  if (isAlias(node)) return convert(document, node.resolve(document))
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => [keyText(key), convert(document, value)] as const)
    return { kind: 'mapping', entries: new Map(entries) }
  }
  if (isSeq(node)) return { kind: 'sequence', items: node.items.map(item => convert(document, item)) }
  if (isScalar(node)) return scalar(node)
  return { kind: 'literal', value: null, text: '' }
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}

function scalar({ value, source }: Scalar): TemplateNode {
  if (typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'literal', value, text: source ?? String(value) }
  if (typeof value !== 'string') return { kind: 'literal', value: null, text: '' }
  const parts = splitTemplate(value)
  const [first] = parts
  if (parts.length === 1 && first?.kind === 'expression') return first
  if (parts.some(part => part.kind === 'expression')) return { kind: 'composed', parts }
  return { kind: 'literal', value, text: value }
}

/** The entry `key` of a mapping; undefined for anything that is not a mapping or lacks it. */
export function entryOf(node: TemplateNode | undefined, key: string): TemplateNode | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key) : undefined
}

/** The entries of a mapping; none for anything else. */
export function entriesOf(node: TemplateNode | undefined): ReadonlyMap<string, TemplateNode> {
  return node?.kind === 'mapping' ? node.entries : new Map<string, TemplateNode>()
}

/** The text of a literal scalar; undefined for null, an expression, a list or a mapping. */
export function textOf(node: TemplateNode | undefined): string | undefined {
  return node?.kind === 'literal' && node.value !== null ? node.text : undefined
}

/** A scalar or a list of scalars as a list of texts. */
export function textsOf(node: TemplateNode | undefined): readonly string[] {
  if (node?.kind === 'sequence') return node.items.flatMap(item => textOf(item) ?? [])
  const text = textOf(node)
  return text === undefined ? [] : [text]
}
