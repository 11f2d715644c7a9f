import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { type KeyPath, keyName, type ProblemCode, quotable } from '../problem.ts'
import { readPlainScalar } from './plain-scalar.ts'
import type { YamlNode, YamlValue } from './yaml-tree.ts'

/** `yaml`: ring file and graphs. `json`: the file must be JSON, which is YAML in other dress. */
export type Dialect = 'yaml' | 'json'

/** What is wrong with a node, and where: characters from the beginning of the text. */
export interface Fault {
  readonly code: ProblemCode
  readonly message: string
  readonly offset: number
  readonly key?: string | undefined
  readonly suggestion?: string | undefined
}

/** Turns parsed nodes into plain values with places, and lists what is not allowed in them. */
export function buildTree(
  contents: ParsedNode | null,
  dialect: Dialect,
): { readonly root: YamlNode; readonly faults: readonly Fault[] } {
  const builder = new TreeBuilder(dialect)
  return { root: builder.build(contents, [], 0), faults: builder.faults }
}

/** Keys that mean something to JavaScript. The objects are safe with them; a reader of our manifest may not be. */
const reservedKeys = new Set(['__proto__', 'constructor', 'prototype'])

class TreeBuilder {
  readonly faults: Fault[] = []
  private readonly dialect: Dialect

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  build(node: unknown, path: KeyPath, offset: number): YamlNode {
    const at = rangeStart(node) ?? offset
    this.refuseMarks(node, path, at)
    if (isMap(node)) return this.map(node, path, at)
    if (isSeq(node)) return this.list(node, path, at)
    if (isScalar(node)) return { value: this.scalar(node, path, at), offset: at, children: new Map() }
    return { value: null, offset: at, children: new Map() }
  }

  private map(node: YAMLMap, path: KeyPath, offset: number): YamlNode {
    const children = new Map<string, YamlNode>()
    if (!node.flow) this.refuseShape('A map is written with `{` and `}` in JSON.', path, offset)
    for (const pair of node.items) {
      const keyOffset = rangeStart(pair.key) ?? offset
      const key = this.key(pair, path, keyOffset)
      if (key === undefined) continue
      if (children.has(key)) {
        const message = `The key \`${quotable(key)}\` stands here for the second time; remove one of the two.`
        this.faults.push({ code: 'duplicate', message, offset: keyOffset, key: keyName([...path, key]) })
        continue
      }
      children.set(key, { ...this.build(pair.value, [...path, key], keyOffset), keyOffset })
    }
    const value = Object.fromEntries([...children].map(([key, child]): [string, YamlValue] => [key, child.value]))
    return { value, offset, children }
  }

  private list(node: YAMLSeq, path: KeyPath, offset: number): YamlNode {
    if (!node.flow) this.refuseShape('A list is written with `[` and `]` in JSON.', path, offset)
    const children = new Map(node.items.map((item, index) => [index, this.build(item, [...path, index], offset)]))
    return { value: [...children.values()].map(({ value }) => value), offset, children }
  }

  /** The text of a key; undefined when it may not be one. */
  private key(pair: Pair, path: KeyPath, offset: number): string | undefined {
    this.refuseMarks(pair.key, path, offset)
    if (!isScalar(pair.key) || typeof pair.key.value !== 'string') {
      if (!isAlias(pair.key)) this.refuse('A key is one word; write `key: value`.', path, offset)
      return undefined
    }
    const key = pair.key.value
    if (reservedKeys.has(key)) {
      this.refuse(`\`${key}\` may not be a key; choose another name.`, [...path, key], offset)
      return undefined
    }
    if (key === '<<' && this.dialect === 'yaml') {
      this.refuse('Merge keys (`<<`) are not read; write the keys out.', path, offset)
      return undefined
    }
    if (this.dialect === 'yaml' && pair.key.type === Scalar.PLAIN) this.refuseAmbiguous(key, [...path, key], offset)
    if (this.dialect === 'json') this.refuseBare(pair.key, [...path, key], offset)
    return key
  }

  private scalar(node: Scalar, path: KeyPath, offset: number): YamlValue {
    const text = typeof node.value === 'string' ? node.value : String(node.value)
    if (this.dialect === 'json') return this.jsonScalar(node, path, offset)
    if (node.type !== Scalar.PLAIN) return text
    const read = readPlainScalar(text)
    if (read.kind === 'value') return read.value
    this.refuseAmbiguous(text, path, offset)
    return text
  }

  private refuseAmbiguous(text: string, path: KeyPath, offset: number): void {
    const read = readPlainScalar(text)
    if (read.kind === 'value') return
    this.faults.push({
      code: 'wrong_value',
      message: `Some YAML readers take \`${quotable(text)}\` for ${read.reads}. ${clearer(text, read.reads)}`,
      offset,
      key: keyName(path),
      suggestion: JSON.stringify(text),
    })
  }

  private jsonScalar(node: Scalar, path: KeyPath, offset: number): YamlValue {
    const text = typeof node.value === 'string' ? node.value : ''
    if (node.type === Scalar.QUOTE_DOUBLE) return text
    const constant = jsonConstants.get(text)
    if (constant !== undefined) return constant
    if (/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(text) && Number.isFinite(Number(text)))
      return Number(text)
    this.refuseBare(node, path, offset)
    return text
  }

  private refuseBare(node: Scalar, path: KeyPath, offset: number): void {
    if (node.type === Scalar.QUOTE_DOUBLE) return
    const text = typeof node.value === 'string' ? node.value : ''
    const message = text === '' ? 'A value is missing here.' : `In JSON \`${quotable(text)}\` stands in double quotes.`
    this.faults.push({ code: 'syntax', message, offset, key: keyName(path) })
  }

  private refuseShape(message: string, path: KeyPath, offset: number): void {
    if (this.dialect === 'json') this.faults.push({ code: 'syntax', message, offset, key: keyName(path) })
  }

  /** Aliases, anchors and tags: what makes a small text large, or a text code. */
  private refuseMarks(node: unknown, path: KeyPath, offset: number): void {
    if (isAlias(node)) {
      this.refuse(`Aliases (\`*${quotable(node.source)}\`) are not read; write the value out.`, path, offset)
      return
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return
    if (node.anchor !== undefined) {
      this.refuse(`Anchors (\`&${quotable(node.anchor)}\`) are not read; remove it.`, path, offset)
    }
    if (node.tag !== undefined) this.refuse(`Tags (\`${quotable(node.tag)}\`) are not read; remove it.`, path, offset)
  }

  private refuse(message: string, path: KeyPath, offset: number): void {
    this.faults.push({ code: 'not_allowed', message, offset, key: keyName(path) })
  }
}

const jsonConstants = new Map<string, null | boolean>([
  ['null', null],
  ['true', true],
  ['false', false],
])

function clearer(text: string, reads: string): string {
  const quoted = JSON.stringify(text)
  if (reads === 'nothing') return `Write \`null\`, or \`${quoted}\` for the text.`
  if (reads === 'a number') return `Write \`${quoted}\` for the text${plainNumber(text)}.`
  return `Write \`${/^(?:yes|on|true)$/i.test(text) ? 'true' : 'false'}\`, or \`${quoted}\` for the text.`
}

function plainNumber(text: string): string {
  const number = Number(text.replaceAll('_', ''))
  return Number.isFinite(number) ? `, or the number as \`${number}\`` : ''
}

function rangeStart(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined
}
