import type * as z from 'zod'
import { featuresNotYet } from './features-not-yet.ts'
import { type Finding, keyName, type Problem } from './problem.ts'
import { schemaFindings } from './schema-findings.ts'
import { mostProblems, readYaml, type YamlReading } from './yaml/read-yaml.ts'
import type { Place } from './yaml/text-place.ts'
import { nearestNode, type YamlNode, type YamlValue } from './yaml/yaml-tree.ts'

/** How a kind of file is read. */
export interface FileGrammar<T> {
  readonly schema: z.ZodType<T>
  /** What one part of the file has against another; asked whatever else is wrong. */
  readonly check: (value: YamlValue) => readonly Finding[]
}

/** The values of a file, or every problem in the order of the file. */
export type SchemaReading<T> =
  | { readonly ok: true; readonly value: T; readonly places: Places }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Where each value of a file stands, by its key: `solutions.support.rings.dev.after`. */
export type Places = Readonly<Record<string, Place>>

/** Reads a YAML file against its grammar and reports every problem at once: syntax, keys, values, and what contradicts what. */
export function readAgainstSchema<T>(
  text: string,
  file: { readonly path: string; readonly grammar: FileGrammar<T> },
): SchemaReading<T> {
  const { path, grammar } = file
  const reading = readYaml(text, { path, dialect: 'yaml' })
  const { value } = reading.root
  const isUnreadable = reading.problems.some(({ code }) => code === 'syntax' || code === 'limit')
  // Half of the values may be missing or stand in the wrong place.
  if (isUnreadable) return { ok: false, problems: reading.problems }

  const parsed = grammar.schema.safeParse(value)
  const later = featuresNotYet(grammar.schema, value)
  const findings = [
    ...later,
    ...(parsed.success ? [] : schemaFindings(grammar.schema, value, parsed.error.issues)).filter(
      finding => !isBelow(finding, later),
    ),
    ...grammar.check(value),
  ]
  const problems = inOrder([...reading.problems, ...findings.map(finding => problemOf(finding, { path, reading }))])
  if (problems.length > 0) return { ok: false, problems }
  if (!parsed.success) throw new TypeError(`${path} does not fit its grammar, and nothing says why.`)
  return { ok: true, value: parsed.data, places: placesOf(reading) }
}

/** Whether a finding is about the inside of something that cannot be used at all. */
function isBelow(finding: Finding, others: readonly Finding[]): boolean {
  return others.some(other => other.at.every((step, index) => finding.at[index] === step))
}

function problemOf(
  finding: Finding,
  { path, reading }: { readonly path: string; readonly reading: YamlReading },
): Problem {
  const node = nearestNode(reading.root, finding.at)
  const offset = finding.part === 'key' ? (node.keyOffset ?? node.offset) : node.offset
  return {
    severity: 'error',
    path,
    ...reading.placeOf(offset),
    code: finding.code,
    key: keyName(finding.at),
    message: finding.message,
    ...(finding.suggestion === undefined ? {} : { suggestion: finding.suggestion }),
  }
}

/** Problems in the order of the file. One per place and key is enough: the first is the most basic one. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const byPlace = Map.groupBy(problems, ({ line, column, key }) => `${line}:${column}:${key}`)
  return [...byPlace.values()]
    .flatMap(([first]) => (first === undefined ? [] : [first]))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, mostProblems)
}

/** Where every value of a document stands. */
export function placesOf(reading: YamlReading): Places {
  const places: [string, Place][] = []
  const visit = (node: YamlNode, at: readonly (string | number)[]): void => {
    places.push([keyName(at), reading.placeOf(node.keyOffset ?? node.offset)])
    for (const [step, child] of node.children) visit(child, [...at, step])
  }
  visit(reading.root, [])
  return Object.fromEntries(places)
}
