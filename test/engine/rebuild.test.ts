import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSourceTree } from '../../src/adapters/fs/source-tree.ts'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import { readGraph } from '../../src/config/read-graph.ts'
import { readJsonSchema } from '../../src/config/read-json-schema.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { compileSolution } from '../../src/engine/compile-solution.ts'
import { findSolution } from '../../src/engine/find-solution.ts'
import { numberVersion } from '../../src/engine/number-version.ts'
import { readOwnRings } from '../../src/engine/read-rings.ts'
import { type RebuildPorts, rebuild } from '../../src/engine/rebuild.ts'
import { type GitVersions, openGitVersions } from '../support/git-version-tags.ts'

let root = ''
let versions: GitVersions
let said: string[]
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-rebuild-'))
  versions = await openGitVersions()
  said = []
  await writeRepository('published', {})
})
afterEach(async () => {
  await rm(root, { recursive: true })
  await versions[Symbol.asyncDispose]()
})

const ringFile = `version: 1
solutions:
  support:
    components:
      triage:
        kind: code
        start: node triage.js
        path: /triage
        files: [triage.js]
    config: { LOG_LEVEL: info }
    rings:
      dev:
        deploy: { target: command, run: ./deploy.sh }
`

/** A checkout with a solution; `files` are written over it. */
async function writeRepository(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const repository = join(root, name)
  await mkdir(repository)
  const all = { 'triage.js': 'serve()\n', 'deploy.sh': '#!/bin/sh\n', 'rings.yml': ringFile, ...files }
  for (const [path, text] of Object.entries(all)) await writeFile(join(repository, path), text)
}

function portsAt(name: string): RebuildPorts {
  const repository = join(root, name)
  return {
    source: createSourceTree(repository),
    buildCommand: { run: async () => ({ kind: 'done' }) },
    journal: { say: line => void said.push(line), problem: problem => void said.push(problem.message) },
    ringFilePath: 'rings.yml',
    repositoryUrl: 'https://github.com/octo/shop',
    readOwnRingFile: () => readFile(join(repository, 'rings.yml'), 'utf8'),
    readRingFile: async (text, path) => readRingFile(text, path),
    readGraph: async (text, path) => readGraph(text, path),
    readJsonSchema: async (text, path) => readJsonSchema(text, path),
    versions: versions.tags,
    artifacts: createArtifacts(openBlobStore({ location: `oci-layout:${join(root, 'store')}` })),
  }
}

/** Publishes the checkout as the next version. */
async function publish(name: string): Promise<void> {
  const ports = portsAt(name)
  const rings = await readOwnRings(ports)
  const { request } = await compileSolution(ports, findSolution(rings.ringFile, 'support'), rings)
  const { artifact } = await ports.artifacts.publish(request)
  const commit = await versions.commit()
  await numberVersion(versions.tags, { solution: 'support', artifact, commit, othersUpTo: 0, hints: [] })
}

const wanted = { solution: 'support', artifact: undefined }

describe('building a version again', () => {
  it('[M3] proves it from a source in another place', async () => {
    await publish('published')
    await writeRepository('elsewhere', {})
    await expect(rebuild(portsAt('elsewhere'), wanted)).resolves.toMatchObject({
      command: 'verify',
      decision: 'done',
      version: 'v1',
      message: expect.stringContaining('The working tree gives v1 of support again, to the byte: 3 files'),
    })
    expect(said).toEqual([])
  })

  it.each([
    {
      what: 'a byte differs',
      files: { 'triage.js': 'serve() \n' },
      lines: ['~ triage', '~ files: 1 changed', '~ triage.js'],
    },
    { what: 'a file is new', files: { 'left-over.txt': '' }, lines: ['~ files: 1 new', '+ left-over.txt'] },
    {
      what: 'configuration differs',
      files: { 'rings.yml': ringFile.replace('info', 'debug') },
      lines: ['~ config LOG_LEVEL = "info" → "debug" (solution)', '~ rings.yml'],
    },
  ])('[A1] tells where $what', async ({ files, lines }) => {
    await publish('published')
    await writeRepository('elsewhere', files)
    await expect(rebuild(portsAt('elsewhere'), wanted)).rejects.toMatchObject({
      code: 'content_differs',
      message: expect.stringMatching(
        /^v1 of support has the content sha256:[0-9a-f]{64}, and the working tree gives sha256:[0-9a-f]{64}/,
      ),
    })
    expect(said).toEqual(expect.arrayContaining(lines))
  })

  it('is about the version that is named, not about the newest', async () => {
    await publish('published')
    await writeRepository('next', { 'triage.js': 'serve(2)\n' })
    await publish('next')
    await expect(rebuild(portsAt('published'), { ...wanted, artifact: 'v1' })).resolves.toMatchObject({ version: 'v1' })
    await expect(rebuild(portsAt('published'), wanted)).rejects.toMatchObject({ code: 'content_differs' })
  })

  it('publishes nothing', async () => {
    await publish('published')
    await writeRepository('elsewhere', { 'triage.js': 'serve(2)\n' })
    const before = await readdir(join(root, 'store', 'blobs', 'sha256'))
    await expect(rebuild(portsAt('elsewhere'), wanted)).rejects.toThrow('the working tree gives')
    expect(await readdir(join(root, 'store', 'blobs', 'sha256'))).toEqual(before)
    expect(await versions.git(['tag', '--list'])).toBe('ringway/support/v1')
  })

  it.each([
    { request: { solution: 'support', artifact: 'v9' }, code: 'unknown_version' },
    { request: { solution: 'other', artifact: undefined }, code: 'unknown_version' },
  ])('ends with $code for $request', async ({ request, code }) => {
    await publish('published')
    await expect(rebuild(portsAt('published'), request)).rejects.toMatchObject({ code })
  })
})
