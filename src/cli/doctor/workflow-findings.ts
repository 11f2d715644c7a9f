import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Finding, ok } from '../../domain/finding.ts'
import { workflowText } from '../init.ts'

/** What the workflow is compared with. */
export interface WorkflowPlace {
  readonly root: string
  /** `.github/workflows/ringway.yml` */
  readonly path: string
  readonly defaultBranch: string
}

/** Whether the workflow is there, does what Ringway needs of it, and how it differs from the one that `ringway init` writes. */
export function workflowFindings({ root, path, defaultBranch }: WorkflowPlace): readonly Finding[] {
  if (!existsSync(join(root, path)))
    return [{ what: path, verdict: 'problem', words: 'not there', fix: 'Type `ringway init`.' }]
  return compareWorkflow(path, { text: readFileSync(join(root, path), 'utf8'), defaultBranch })
}

export function compareWorkflow(
  path: string,
  { text, defaultBranch }: { readonly text: string; readonly defaultBranch: string },
): readonly Finding[] {
  const expected = workflowText(defaultBranch)
  const lacks = whatItLacks({ text, expected, defaultBranch })
  const problems = lacks.map(({ words, fix }): Finding => ({ what: path, verdict: 'problem', words, fix }))
  const details = differingLines(expected, text)
  if (details.length === 0) return problems.length > 0 ? problems : [ok(path, 'as `ringway init` writes it')]
  return [
    ...problems,
    {
      what: path,
      verdict: 'advice',
      words: `${details.length} ${details.length === 1 ? 'line differs' : 'lines differ'} from what \`ringway init\` writes`,
      fix: 'Keep what you meant to change. To take the original, remove the file and type `ringway init`.',
      details,
    },
  ]
}

interface Lack {
  readonly words: string
  readonly fix: string
}

/** What will not work, whatever else was changed on purpose. */
function whatItLacks(compared: { text: string; expected: string; defaultBranch: string }): readonly Lack[] {
  const { text, expected, defaultBranch } = compared
  let here: unknown
  try {
    here = parse(text)
  } catch (error) {
    const words = `is no YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`
    return [{ words, fix: 'Correct it, or remove the file and type `ringway init`.' }]
  }
  const original: unknown = parse(expected)
  return [
    ...pushLack(at(here, 'on', 'push'), defaultBranch),
    ...inputLacks(at(here, 'on', 'workflow_dispatch'), at(original, 'on', 'workflow_dispatch')),
    ...Object.keys(record(at(original, 'jobs'))).flatMap(job => permissionLacks({ job, here, original })),
  ]
}

function pushLack(push: unknown, defaultBranch: string): readonly Lack[] {
  const branches = at(push, 'branches')
  const isEvery = push !== undefined && branches === undefined
  const named = Array.isArray(branches) ? branches.map(String) : []
  // What a pattern matches is for GitHub to say.
  if (isEvery || named.some(name => name === defaultBranch || /[*?+[!]/.test(name))) return []
  const words = `is not started by pushes to the default branch ${defaultBranch}`
  return [{ words, fix: `Write \`push: { branches: [${defaultBranch}] }\` under \`on\`.` }]
}

function inputLacks(here: unknown, original: unknown): readonly Lack[] {
  const inputs = record(at(here, 'inputs'))
  const missing = Object.keys(record(at(original, 'inputs'))).filter(name => !Object.hasOwn(inputs, name))
  if (missing.length === 0) return []
  const words = `cannot be dispatched with ${missing.join(', ')}: promotions and rollbacks start it so`
  return [{ words, fix: 'Take `workflow_dispatch` with its inputs from the workflow in the README.' }]
}

/** What is not named is not given. */
function levelOf(permission: unknown): number {
  return permission === 'write' ? 2 : permission === 'read' ? 1 : 0
}

function permissionLacks(compared: { job: string; here: unknown; original: unknown }): readonly Lack[] {
  const { job, here, original } = compared
  const own = at(here, 'jobs', job)
  if (own === undefined) return []
  const given = at(own, 'permissions') ?? at(here, 'permissions')
  if (given === 'write-all') return []
  const missing = Object.entries(record(at(original, 'jobs', job, 'permissions'))).filter(
    ([name, level]) => levelOf(at(given, name)) < levelOf(level),
  )
  if (missing.length === 0) return []
  const named = missing.map(([name, level]) => `${name}: ${String(level)}`).join(', ')
  return [{ words: `job ${job} lacks permissions`, fix: `Add to its \`permissions\`: ${named}` }]
}

/** More of them are counted and not shown. */
const mostLines = 12

/** `-` is only in the original, `+` only here. Which release of an action is used is everybody's own affair: pinning it is advised. */
function differingLines(original: string, here: string): readonly string[] {
  const lines = (text: string): readonly string[] =>
    text.split(/\r?\n/).map(line => line.replace(/(uses: [^@\s]+)@.*$/, '$1').trimEnd())
  const [was, is] = [lines(original), lines(here)]
  const only = (some: readonly string[], others: readonly string[], sign: string): readonly string[] =>
    some.filter(line => line !== '' && !others.includes(line)).map(line => `${sign} ${line}`)
  const all = [...only(was, is, '-'), ...only(is, was, '+')]
  return all.length <= mostLines ? all : [...all.slice(0, mostLines), `… and ${all.length - mostLines} more`]
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  )
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
