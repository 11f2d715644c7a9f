import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSourceTree } from '../../src/adapters/fs/source-tree.ts'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import { readGraph } from '../../src/config/read-graph.ts'
import { readJsonSchema } from '../../src/config/read-json-schema.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import type { Sha256Digest } from '../../src/domain/units.ts'
import { type CompiledSolution, compileSolution } from '../../src/engine/compile-solution.ts'
import type { FileProblem } from '../../src/ports/journal.ts'
import { type GitVersions, openGitVersions } from '../support/git-version-tags.ts'

const example = join(import.meta.dirname, '..', '..', 'examples', 'support-desk')
const ringFilePath = '.github/rings.yml'
let root = ''
let versions: GitVersions
let problems: FileProblem[]

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'ringway-compile-'))
  versions = await openGitVersions()
  problems = []
})
afterEach(async () => {
  rmSync(root, { recursive: true })
  await versions[Symbol.asyncDispose]()
})

function write(path: string, text: string): void {
  const file = join(root, 'repository', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const store = () => createArtifacts(openBlobStore({ location: `oci-layout:${join(root, 'store')}` }))

/** Compiles the solution of the repository that stands at `root`, with the product's own reader, tree and store. */
async function compileHere(): Promise<CompiledSolution> {
  const repository = join(root, 'repository')
  const rings = readRingFile(readFileSync(join(repository, ringFilePath), 'utf8'), ringFilePath)
  if (!rings.ok) throw new Error(rings.problems.map(({ message }) => message).join('\n'))
  const [solution] = rings.ringFile.solutions
  if (solution === undefined) throw new Error('no solution')
  const ports = {
    source: createSourceTree(repository),
    buildCommand: { run: async () => ({ kind: 'done' as const }) },
    journal: { say: () => {}, problem: (problem: FileProblem) => void problems.push(problem) },
    ringFilePath,
    repositoryUrl: 'https://github.com/acme/shop',
    readGraph: async (text: string, path: string) => readGraph(text, path),
    readJsonSchema: async (text: string, path: string) => readJsonSchema(text, path),
    versions: versions.tags,
    artifacts: store(),
  }
  return await compileSolution(ports, solution, rings)
}

function oneComponent(name: string, component: string): string {
  return `version: 1\nsolutions:\n  ${name}:\n    components:\n      ${component}\n    rings: { dev: { deploy: { target: command, run: ./deploy.sh } } }\n`
}

async function publishBilling(): Promise<Sha256Digest> {
  write(ringFilePath, oneComponent('billing', 'lookup: { kind: code, exec: npm run lookup, input: in.json }'))
  write('in.json', '{ "type": "object" }')
  const { artifact } = await store().publish((await compileHere()).request)
  const version = { ...artifact, number: 1, commit: await versions.commit() }
  expect(await versions.tags.create({ solution: 'billing', version })).toBe('created')
  return artifact.digest
}

it('[M2] [A2] the example compiles: six kinds of components, the graph planned, nothing to complain about', async () => {
  cpSync(example, join(root, 'repository'), { recursive: true })
  const { request } = await compileHere()
  expect(problems).toEqual([])
  const { components, plan } = request.manifest
  expect(components.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    'classify: code',
    'reasons: config',
    'refund: workflow',
    'reply: model',
    'triage: agent',
    'zendesk: connector',
  ])
  const refund = components.find(({ name }) => name === 'refund')
  expect(refund?.graph?.nodes[0]?.id).toBe('request')
  expect(refund?.input).toMatchObject({ type: 'object' })
  expect(plan.order.indexOf('triage')).toBeGreaterThan(plan.order.indexOf('refund'))
})

it('[A2] a published component is locked with the digest of its version', async () => {
  const digest = await publishBilling()
  write(ringFilePath, oneComponent('support', 'triage: { kind: agent, start: npm start, uses: [billing/lookup@v1] }'))
  const { request } = await compileHere()
  expect(request.manifest.components[0]?.uses).toEqual([
    { kind: 'published', solution: 'billing', component: 'lookup', version: 'v1', digest },
  ])
})

it.each(['billing/lookup@v2', 'billing/refund@v1', 'shipping/lookup@v1'])(
  '[D2] %s, which nobody published, stops the build',
  async reference => {
    await publishBilling()
    write(ringFilePath, oneComponent('support', `triage: { kind: agent, start: npm start, uses: [${reference}] }`))
    await expect(compileHere()).rejects.toMatchObject({ code: 'compile_failed' })
    expect(problems.map(({ path, line, column }) => `${path}:${line}:${column}`)).toEqual(['.github/rings.yml:5:55'])
  },
)

it('[D2] everything that is wrong is an annotation of its file, and nothing is published', async () => {
  write(
    ringFilePath,
    oneComponent('support', 'triage: { kind: agent, start: node triage.js, input: in.json, graph: flow.yml }'),
  )
  write('in.json', '{\n  "type": "text"\n}\n')
  write('flow.yml', 'nodes:\n  - { id: a, inputs: { x: text } }\n')
  write('package.json', '{ "dependencies": { "express": "5" } }')
  await expect(compileHere()).rejects.toMatchObject({
    code: 'compile_failed',
    message:
      'support has 5 errors; the first: .github/rings.yml:5: `start` of triage starts `triage.js`, which is not among the files of the artifact. Commit it below `.`, or write a `build` command that makes it.',
    facts: { solution: 'support', problems: 5 },
  })
  expect(problems.map(({ severity, path, line }) => `${severity} ${path}:${line}`)).toEqual([
    'error .github/rings.yml:5',
    'error flow.yml:2',
    'error flow.yml:2',
    'error in.json:2',
    'error package.json:1',
  ])
  expect(existsSync(join(root, 'store'))).toBe(false)
})

it('[D2] a file that looks like a secret stops the build with its place and without its value', async () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`
  write(ringFilePath, oneComponent('support', 'triage: { kind: agent, start: npm start }'))
  write('notes.txt', `one\ntoken: ${secret}\n`)
  await expect(compileHere()).rejects.toMatchObject({ code: 'secret_found' })
  expect(problems.map(({ path, line }) => `${path}:${line}`)).toContain('notes.txt:2')
  expect(JSON.stringify(problems)).not.toContain(secret)
})

it('[C24] a warning is an annotation too, and the build goes on', async () => {
  write(ringFilePath, oneComponent('support', 'triage: { kind: agent }'))
  const { request } = await compileHere()
  expect(problems.map(({ severity, path, line }) => `${severity} ${path}:${line}`)).toEqual([
    'warning .github/rings.yml:5',
  ])
  expect(request.files.map(({ path }) => path)).toEqual([ringFilePath])
})
