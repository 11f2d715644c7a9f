import type { Json } from '../manifest.ts'
import { isRecord } from '../schema/read-schema.ts'

/** Something that makes a JSON value no JSON Schema, and where: the steps from the top. */
export interface SchemaFault {
  readonly at: readonly (string | number)[]
  readonly message: string
}

type Path = SchemaFault['at']
type Check = (value: Json, at: Path, root: Json) => readonly SchemaFault[]

/**
 * What makes a value no JSON Schema: a keyword that holds what it cannot, or a reference inside the file that leads nowhere. Unknown
 * keywords are allowed, as the standard says.
 *
 * Source: JSON Schema 2020-12, Core and Validation; `items` as a list and `definitions` of the drafts before are read as well.
 */
export function schemaFaults(schema: Json): readonly SchemaFault[] {
  return faultsOf(schema, [], schema)
}

function faultsOf(schema: Json, at: Path, root: Json): readonly SchemaFault[] {
  if (typeof schema === 'boolean') return []
  if (!isRecord(schema)) return [{ at, message: `A schema is a map, true or false, not ${nameOf(schema)}.` }]
  return Object.entries(schema).flatMap(
    ([keyword, value]) => keywords.get(keyword)?.(value, [...at, keyword], root) ?? [],
  )
}

const typeNames = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']

const isType: Check = (value, at) => {
  const names = Array.isArray(value) ? value : [value]
  const wrong = names.find(name => !typeNames.some(known => known === name))
  if (names.length > 0 && wrong === undefined) return []
  const came = typeof wrong === 'string' ? `\`${wrong}\`` : nameOf(wrong ?? value)
  return [{ at, message: `\`type\` is one of ${typeNames.join(', ')} or a list of them, not ${came}.` }]
}

const isSchema: Check = (value, at, root) => faultsOf(value, at, root)

const isSchemaList: Check = (value, at, root) => {
  if (!Array.isArray(value) || value.length === 0)
    return [{ at, message: expects(at, 'a list of schemas with at least one', value) }]
  return value.flatMap((item, index) => faultsOf(item, [...at, index], root))
}

const isSchemaMap: Check = (value, at, root) => {
  if (!isRecord(value)) return [{ at, message: expects(at, 'a map of schemas', value) }]
  return Object.entries(value).flatMap(([name, inner]) => faultsOf(inner, [...at, name], root))
}

const isSchemaOrList: Check = (value, at, root) => (Array.isArray(value) ? isSchemaList : isSchema)(value, at, root)

const isTextList: Check = (value, at) =>
  isTexts(value) && new Set(value).size === value.length
    ? []
    : [{ at, message: expects(at, 'a list of different texts', value) }]

const isTextLists: Check = (value, at, root) =>
  isRecord(value)
    ? Object.entries(value).flatMap(([name, list]) => isTextList(list, [...at, name], root))
    : [{ at, message: expects(at, 'a map of lists of texts', value) }]

const isPattern: Check = (value, at) => {
  if (typeof value === 'string' && isRegularExpression(value)) return []
  return [{ at, message: expects(at, 'a regular expression', value) }]
}

const isPatternMap: Check = (value, at, root) => {
  const names = isRecord(value) ? Object.keys(value) : []
  const wrong = names.filter(name => !isRegularExpression(name))
  return [
    ...wrong.map(name => ({ at: [...at, name], message: `\`${name.slice(0, 60)}\` is no regular expression.` })),
    ...isSchemaMap(value, at, root),
  ]
}

const isReference: Check = (value, at, root) => {
  if (typeof value !== 'string') return [{ at, message: expects(at, 'a text', value) }]
  if (!value.startsWith('#'))
    return [{ at, message: `\`$ref\` leads to another file, \`${value.slice(0, 60)}\`; an interface is one file.` }]
  // A name after # is an anchor, which may stand anywhere in the file.
  if (value !== '#' && !value.startsWith('#/')) return hasAnchor(root, value.slice(1)) ? [] : [leadsNowhere(value, at)]
  return isThere(root, value) ? [] : [leadsNowhere(value, at)]
}

function leadsNowhere(reference: string, at: Path): SchemaFault {
  return { at, message: `\`$ref\` is \`${reference.slice(0, 60)}\`, which leads nowhere in this file.` }
}

const isValues: Check = (value, at) =>
  Array.isArray(value) && value.length > 0
    ? []
    : [{ at, message: expects(at, 'a list with at least one value', value) }]

const isNumber: Check = (value, at) =>
  typeof value === 'number' ? [] : [{ at, message: expects(at, 'a number', value) }]

const isPositive: Check = (value, at) =>
  typeof value === 'number' && value > 0 ? [] : [{ at, message: expects(at, 'a number above 0', value) }]

const isCount: Check = (value, at) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? []
    : [{ at, message: expects(at, 'a whole number from 0', value) }]

const isFlag: Check = (value, at) =>
  typeof value === 'boolean' ? [] : [{ at, message: expects(at, 'true or false', value) }]

const isText: Check = (value, at) => (typeof value === 'string' ? [] : [{ at, message: expects(at, 'a text', value) }])

const keywords: ReadonlyMap<string, Check> = new Map([
  ...named(
    isSchema,
    'additionalProperties',
    'propertyNames',
    'unevaluatedProperties',
    'unevaluatedItems',
    'additionalItems',
  ),
  ...named(isSchema, 'contains', 'not', 'if', 'then', 'else', 'contentSchema'),
  ...named(isSchemaList, 'allOf', 'anyOf', 'oneOf', 'prefixItems'),
  ...named(isSchemaMap, 'properties', '$defs', 'definitions', 'dependentSchemas'),
  ...named(
    isCount,
    'minLength',
    'maxLength',
    'minItems',
    'maxItems',
    'minProperties',
    'maxProperties',
    'minContains',
    'maxContains',
  ),
  ...named(isNumber, 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'),
  ...named(isText, '$id', '$schema', '$anchor', '$comment', 'title', 'description', 'format'),
  ...named(isFlag, 'uniqueItems', 'deprecated', 'readOnly', 'writeOnly'),
  ['type', isType],
  ['items', isSchemaOrList],
  ['patternProperties', isPatternMap],
  ['pattern', isPattern],
  ['required', isTextList],
  ['dependentRequired', isTextLists],
  ['enum', isValues],
  ['multipleOf', isPositive],
  ['$ref', isReference],
])

function named(check: Check, ...names: readonly string[]): readonly (readonly [string, Check])[] {
  return names.map(name => [name, check])
}

function expects(at: Path, what: string, came: Json): string {
  return `\`${String(at.at(-1)).slice(0, 60)}\` is ${what}, not ${nameOf(came)}.`
}

function nameOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a map'
  return `the ${typeof value === 'string' ? 'text' : typeof value} \`${String(value).slice(0, 60)}\``
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== ''
  } catch {
    return false
  }
}

function isThere(root: Json, reference: string): boolean {
  let found: Json | undefined = root
  for (const step of reference.slice(1).split('/').slice(1).map(unescape)) {
    if (Array.isArray(found)) found = found[Number(step)]
    else found = isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return found !== undefined
}

function unescape(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return step
  }
}

function hasAnchor(value: Json, anchor: string): boolean {
  if (Array.isArray(value)) return value.some(item => hasAnchor(item, anchor))
  if (!isRecord(value)) return false
  return value['$anchor'] === anchor || Object.values(value).some(inner => hasAnchor(inner, anchor))
}
