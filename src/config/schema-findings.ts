import type * as z from 'zod'
import { closest } from '../domain/closest.ts'
import { likelyValues } from './grammar/likely-values.ts'
import { schemaShape, stepInto } from './grammar/schema-shape.ts'
import { schemaExample, schemaWords } from './grammar/schema-words.ts'
import { type Finding, type KeyPath, keyName, quotable, shortName, shown } from './problem.ts'
import { valueAt, type YamlValue } from './yaml/yaml-tree.ts'

type Issue = z.core.$ZodIssue

/** Words for everything that a schema holds against a value. */
export function schemaFindings(schema: z.ZodType, value: YamlValue, issues: readonly Issue[]): readonly Finding[] {
  return issues.flatMap(issue => issueFindings({ schema, value, issue, base: [] }))
}

interface IssueInPlace {
  readonly schema: z.ZodType
  readonly value: YamlValue
  readonly issue: Issue
  /** Where the issue's own path begins. */
  readonly base: KeyPath
}

/** A place in a file where something is wrong, with the schemas that its value could have had. */
interface FaultyPlace {
  readonly at: KeyPath
  readonly schemas: readonly z.ZodType[]
  readonly came: YamlValue | undefined
}

function issueFindings({ schema, value, issue, base }: IssueInPlace): readonly Finding[] {
  const at = [...base, ...issue.path.map(step => (typeof step === 'symbol' ? String(step) : step))]
  const place = { at, schemas: schemasAt(schema, at), came: valueAt(value, at) }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(place, key))
    case 'invalid_key':
      return wrongName(place, { schema, value })
    case 'invalid_union': {
      const inner = mostTelling(issue.errors)
      if (inner.length === 0) return [wrongValue(place)]
      return inner.flatMap(each => issueFindings({ schema, value, issue: each, base: at }))
    }
    case 'custom':
      return [refusedNotation(place, { message: issue.message, instead: issue.params?.['instead'] })]
    default:
      return [place.came === undefined ? missing(place) : wrongValue(place)]
  }
}

function schemasAt(root: z.ZodType, at: KeyPath): readonly z.ZodType[] {
  return at.reduce<readonly z.ZodType[]>((found, step) => found.flatMap(each => stepInto(each, step)), [root])
}

/** Of the ways in which a value could have fitted, the one that it came closest to; none when it is of no right type at all. */
function mostTelling(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const inside = branches.find(issues => issues.some(({ path }) => path.length > 0))
  return inside ?? branches.flat().filter(({ code }) => code === 'custom')
}

function missing({ at, schemas }: FaultyPlace): Finding {
  const place = at.length <= 1 ? 'the file' : `\`${keyName(at.slice(0, -1))}\``
  return {
    at,
    part: 'key',
    code: 'missing_key',
    message: `\`${String(at.at(-1))}\` is missing in ${place}; it is ${expectation(schemas)}.`,
  }
}

function wrongValue({ at, schemas, came }: FaultyPlace): Finding {
  if (at.length === 0 && came === null) {
    const message = 'The file is empty; it begins with `version: 1`.'
    return { at, part: 'value', code: 'missing_key', message, suggestion: 'version: 1' }
  }
  const name = at.length === 0 ? 'The file' : `\`${shortName(at)}\``
  const instead = schemas.map(schema => likelyValues(schema, came)).find(found => found.length > 0) ?? []
  const hint = came === null ? ' Write one, or remove the key.' : ''
  return {
    at,
    part: 'value',
    code: 'wrong_value',
    message: `${name} is ${shown(came)}; expected is ${expectation(schemas)}.${instead.length === 0 ? hint : writeInstead(instead)}`,
    ...soleSuggestion(instead),
  }
}

/** What stands in a text has the right form and says something that cannot be. */
function refusedNotation(
  { at, schemas }: FaultyPlace,
  refusal: { readonly message: string; readonly instead: unknown },
): Finding {
  const instead = Array.isArray(refusal.instead) ? refusal.instead.map(String) : []
  const example = schemas.map(schemaExample).find(found => found !== undefined)
  const write = instead.length === 0 ? ` Write something like \`${example ?? ''}\`.` : writeInstead(instead)
  return {
    at,
    part: 'value',
    code: 'wrong_value',
    message: `\`${shortName(at)}\` ${refusal.message}.${write}`,
    ...soleSuggestion(instead),
  }
}

/** The name, and what is wrong below it: the library does not look into what has a wrong name. */
function wrongName(
  { at, came }: FaultyPlace,
  root: { readonly schema: z.ZodType; readonly value: YamlValue },
): readonly Finding[] {
  const written = String(at.at(-1))
  const parents = schemasAt(root.schema, at.slice(0, -1)).map(schemaShape)
  const shapes = parents.filter(shape => shape.kind === 'names')
  const instead = shapes.map(shape => likelyValues(shape.name, written)).find(found => found.length > 0) ?? []
  const below = shapes.flatMap(shape => shape.item.safeParse(came).error?.issues ?? [])
  const expected = shapes.map(shape => schemaWords(shape.name)).join(', or ')
  const name: Finding = {
    at,
    part: 'key',
    code: 'wrong_value',
    message: `The name \`${quotable(written)}\` cannot be used; expected is ${expected}.${writeInstead(instead)}`,
    ...soleSuggestion(instead),
  }
  return [name, ...below.flatMap(issue => issueFindings({ ...root, issue, base: at }))]
}

function unknownKey({ at, schemas }: FaultyPlace, key: string): Finding {
  const known = schemas.flatMap(keysOf)
  const near = closest(key, known)
  const deeper = near === undefined ? schemas.flatMap(schema => pathsTo(key, schema, 3))[0] : undefined
  const place = at.length === 0 ? 'the file' : `\`${keyName(at)}\``
  return {
    at: [...at, key],
    part: 'key',
    code: 'unknown_key',
    message: `\`${quotable(key)}\` is no key of ${place}. ${keyHint({ near, deeper, known })}`,
    suggestion: near ?? deeper,
  }
}

function keyHint(hints: {
  readonly near: string | undefined
  readonly deeper: string | undefined
  readonly known: readonly string[]
}): string {
  if (hints.near !== undefined) return `Did you mean \`${hints.near}\`?`
  if (hints.deeper !== undefined) return `It belongs deeper: \`${hints.deeper}\`.`
  return `Known here: ${hints.known.map(name => `\`${name}\``).join(', ')}.`
}

function keysOf(schema: z.ZodType): readonly string[] {
  const shape = schemaShape(schema)
  return shape.kind === 'map' ? Object.keys(shape.keys) : []
}

/** Where a key stands below a schema, as `gates.soak`. */
function pathsTo(key: string, schema: z.ZodType, depth: number): readonly string[] {
  const shape = schemaShape(schema)
  if (depth === 0 || shape.kind !== 'map') return []
  return Object.entries(shape.keys).flatMap(([name, inner]) =>
    name === key ? [name] : pathsTo(key, inner, depth - 1).map(rest => `${name}.${rest}`),
  )
}

/** ``a duration with its unit, such as `30m` `` */
function expectation(schemas: readonly z.ZodType[]): string {
  const example = schemas.map(schemaExample).find(found => found !== undefined)
  return `${schemas.map(schemaWords).join(', or ')}${example === undefined ? '' : `, such as \`${example}\``}`
}

function writeInstead(instead: readonly string[]): string {
  const quoted = instead.map(each => `\`${each}\``)
  const last = quoted.pop()
  if (last === undefined) return ''
  return ` Write ${quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`}.`
}

function soleSuggestion(instead: readonly string[]): { readonly suggestion?: string } {
  const [only, ...others] = instead
  return only === undefined || others.length > 0 ? {} : { suggestion: only }
}
