import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { commands, inputDefinitions } from '../../action/inputs.ts'
import { outputDefinitions } from '../../action/outputs.ts'
import { deploymentStates } from '../../src/domain/deployment.ts'
import { gateNames } from '../../src/domain/gates/gate-verdict.ts'
import { reasonCodes } from '../../src/domain/reason-code.ts'
import type { RunResult } from '../../src/domain/result.ts'
import { firstColumn, section } from '../docs/markdown.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const definition = z.strictObject({ description: z.string(), default: z.string().optional() })
const action = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    author: z.string(),
    branding: z.strictObject({ icon: z.string(), color: z.string() }),
    inputs: z.record(z.string(), definition),
    outputs: z.record(z.string(), z.strictObject({ description: z.string() })),
    runs: z.strictObject({ using: z.string(), main: z.string(), post: z.string(), 'post-if': z.string() }),
  })
  .parse(parse(read('action.yml')))

describe('action.yml says what the source says', () => {
  it('names every input, in order, with its description and its default', () => {
    const declared = Object.entries(action.inputs).map(([name, input]) => ({ name, ...input }))
    const known = Object.entries(inputDefinitions).map(([name, { description, default: usual }]) =>
      usual === '' ? { name, description } : { name, description, default: usual },
    )
    expect(declared).toEqual(known)
  })

  it('names every output, in order, with its description', () => {
    const declared = Object.entries(action.outputs).map(([name, { description }]) => [name, description])
    expect(declared).toEqual(Object.entries(outputDefinitions))
  })

  it('runs the bundles on Node 24, and the post step whatever happened', () => {
    expect(action.runs).toEqual({
      using: 'node24',
      main: 'dist/action/main.js',
      post: 'dist/action/post.js',
      'post-if': 'always()',
    })
    expect([action.runs.main, action.runs.post].filter(path => !existsSync(join(root, path)))).toEqual([])
  })

  it('names every command where it names one', () => {
    const { description } = inputDefinitions.command
    expect(commands.filter(name => !new RegExp(`\\b${name}\\b`).test(description))).toEqual([])
  })
})

describe('docs/action.md says what the source says', () => {
  const page = read('docs/action.md')

  it.each([
    ['Commands', [...commands]],
    ['Inputs', Object.keys(inputDefinitions)],
    ['Outputs', Object.keys(outputDefinitions)],
    ['Reason codes', Object.keys(reasonCodes)],
    ['Gates', [...gateNames]],
  ])('lists under "%s" exactly those that there are', (title, names) => {
    expect(firstColumn(section(page, title))).toEqual(names)
  })

  it('lists every state before the ends', () => {
    expect(firstColumn(section(page, 'States')).slice(0, deploymentStates.length)).toEqual([...deploymentStates])
  })

  it('lists every field of the result', () => {
    // A field that is added to the type and not here does not compile.
    const fields: Record<keyof RunResult, true> = {
      schema_version: true,
      command: true,
      decision: true,
      reason_code: true,
      message: true,
      remedy: true,
      solution: true,
      ring: true,
      environment: true,
      version: true,
      digest: true,
      deployment_id: true,
      state: true,
      previous_version: true,
      url: true,
      changed: true,
      changes: true,
      gates: true,
      checks: true,
      solutions: true,
      rings: true,
      dispatched: true,
    }
    expect(firstColumn(section(page, 'The result')).toSorted()).toEqual(Object.keys(fields).toSorted())
  })

  it('lists every variable that a command is given', () => {
    const folder = join('src', 'adapters', 'command')
    const source = readdirSync(join(root, folder)).map(name => read(join(folder, name)))
    const given = new Set([...source.join('\n').matchAll(/\bRINGWAY_[A-Z_]+(?=:)/g)].map(([name]) => name))
    const listed = firstColumn(section(page, 'Target `command`')).filter(name => name.startsWith('RINGWAY_'))
    expect([...new Set(listed)].toSorted()).toEqual([...given].toSorted())
  })

  it('says of every permission of the workflow why it is there', () => {
    const workflow = z
      .object({ jobs: z.record(z.string(), z.object({ permissions: z.record(z.string(), z.string()) })) })
      .parse(parse(read('src/cli/init/ringway.yml')))
    const asked = Object.entries(workflow.jobs).map(([job, { permissions }]) => [
      job,
      Object.entries(permissions)
        .map(([name, level]) => `${name}: ${level}`)
        .toSorted(),
    ])
    expect([...permissionsIn(section(page, 'Permissions of the workflow'))]).toEqual(asked)
  })
})

/** Job → its permissions; a row without a job belongs to the one above. */
function permissionsIn(text: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  let job = ''
  for (const [, first = '', second = ''] of text.matchAll(/^\| ([^|]*)\| ([^|]*)\|/gm)) {
    job = /`([\w-]+)`/.exec(first)?.[1] ?? job
    const permissions = [...second.matchAll(/`([\w-]+: \w+)`/g)].map(([, name = '']) => name)
    if (permissions.length > 0) found.set(job, [...(found.get(job) ?? []), ...permissions].toSorted())
  }
  return found
}
