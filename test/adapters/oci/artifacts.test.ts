import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createArtifacts } from '../../../src/adapters/oci/artifacts.ts'
import { contentTag } from '../../../src/adapters/oci/publish-artifact.ts'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import { type TreeFiles, writeTree as writeTreeAt } from '../../support/published-tree.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-artifact-'))
})
afterEach(() => rm(root, { recursive: true }))

const artifacts = (store = 'store') => createArtifacts(openBlobStore({ location: `oci-layout:${join(root, store)}` }))

const writeTree = (name: string, files: TreeFiles) => writeTreeAt(join(root, name), files)

const support: TreeFiles = {
  'deploy.sh': { content: '#!/bin/sh\n', executable: true },
  'triage/main.js': { content: 'console.log(1)\n', component: 'triage' },
  'triage/prompt.txt': { content: 'You triage.\n', component: 'triage' },
  'refund/main.js': { content: 'console.log(2)\n', component: 'refund' },
  'package-lock.json': { content: '{}' },
}

describe('an artifact', () => {
  it('[M3] has the same digest for the same tree, whatever the directory, the times and the order', async () => {
    const first = await writeTree('one', support)
    const second = await writeTree('two', Object.fromEntries(Object.entries(support).toReversed()))
    await utimes(join(root, 'two', 'deploy.sh'), new Date(1_000), new Date(1_000))
    const a = await artifacts('a').publish(first)
    const b = await artifacts('b').publish({ ...second, files: second.files.toReversed() })
    expect(b.artifact).toEqual(a.artifact)
    expect(a.artifact.content).not.toBe(a.artifact.digest)
  })

  it('[M9] is looked up by its content first: the same tree again uploads nothing and is the same artifact', async () => {
    const request = await writeTree('one', support)
    const first = await artifacts().publish(request)
    const again = await artifacts().publish(request)
    expect(first.existed).toBe(false)
    expect(first.isNewContent).toBe(true)
    expect(again).toEqual({ artifact: first.artifact, existed: true, isNewContent: false, uploadedBytes: 0 })
    expect((await artifacts().read(contentTag(first.artifact.content)))?.digest).toBe(first.artifact.digest)
  })

  it.each([
    { what: 'a byte', change: { 'deploy.sh': { content: '#!/bin/sh \n', executable: true } } },
    { what: 'a name', change: { 'deploy2.sh': { content: '' } } },
    { what: 'an executable bit', change: { 'deploy.sh': { content: '#!/bin/sh\n' } } },
    {
      what: "a file's component",
      change: { 'deploy.sh': { content: '#!/bin/sh\n', executable: true, component: 'triage' } },
    },
  ])('is another one when $what differs', async ({ change }) => {
    const before = await artifacts().contentOf(await writeTree('one', support))
    const after = await artifacts().contentOf(await writeTree('two', { ...support, ...change }))
    expect(after.content).not.toBe(before.content)
  })

  it('is another one when only its configuration differs', async () => {
    const request = await writeTree('one', support)
    const { manifest } = request
    const changed = { ...manifest, config: { ...manifest.config, rings: { dev: { LOG_LEVEL: 'debug' } } } }
    const before = await artifacts().contentOf(request)
    expect((await artifacts().contentOf({ ...request, manifest: changed })).content).not.toBe(before.content)
  })

  it('takes the layers of the version before that did not change', async () => {
    const first = await artifacts().publish(await writeTree('one', support))
    const content = 'console.log(3)\n'.repeat(100)
    const next = await writeTree('two', { ...support, 'refund/main.js': { content, component: 'refund' } })
    const second = await artifacts().publish({ ...next, baseline: first.artifact.digest })
    const layers = (published: typeof first) =>
      new Map(published.artifact.manifest.layers.map(layer => [layer.component, layer.digest]))
    expect(layers(second).get('triage')).toBe(layers(first).get('triage'))
    expect(layers(second).get(undefined)).toBe(layers(first).get(undefined))
    expect(layers(second).get('refund')).not.toBe(layers(first).get('refund'))
    // Its own small layer, the manifests, and nothing else.
    expect(second.uploadedBytes).toBeLessThan(4_000)
  })

  it('[A1] comes back byte for byte, with its executable bits and nothing else', async () => {
    const file = fc.record({
      content: fc.uint8Array({ maxLength: 600 }),
      executable: fc.boolean(),
      component: fc.option(fc.constantFrom('triage', 'refund'), { nil: undefined }),
    })
    const name = fc
      .stringMatching(/^[a-z0-9äßж _-]{1,8}$/)
      .map(text => text.normalize('NFC'))
      .filter(text => !/^\.+$/.test(text))
    const path = fc
      .array(name, { minLength: 1, maxLength: 3 })
      .map(parts => parts.map((part, depth) => `${depth}${part}`).join('/'))
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, file, { minKeys: 1, maxKeys: 8, noNullPrototype: true }), async drawn => {
        run += 1
        // A name cannot be a file and a directory at once.
        const paths = Object.keys(drawn).filter(one => !Object.keys(drawn).some(other => other.startsWith(`${one}/`)))
        const files: TreeFiles = Object.fromEntries(
          paths.flatMap(one => {
            const { content, executable, component } = drawn[one] ?? {
              content: '',
              executable: false,
              component: undefined,
            }
            return [[one, { content, executable, ...(component === undefined ? {} : { component }) }]]
          }),
        )
        const published = await artifacts(`store-${run}`).publish(await writeTree(`in-${run}`, files))
        const out = join(root, `out-${run}`)
        const artifact = await artifacts(`store-${run}`).read(published.artifact.digest)
        expect(artifact).toEqual(published.artifact)
        await artifacts(`store-${run}`).unpack(published.artifact, out)
        const found = (await readdir(out, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
        expect(found).toHaveLength(paths.length)
        for (const [one, { content, executable }] of Object.entries(files)) {
          expect(await readFile(join(out, one))).toEqual(Buffer.from(content))
          expect((await stat(join(out, one))).mode & 0o777).toBe(executable === true ? 0o755 : 0o644)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('[C25] lists the dependency locks with their digests', async () => {
    const request = await writeTree('one', support)
    const { artifact } = await artifacts().publish({ ...request, locks: ['package-lock.json'] })
    const lock = artifact.manifest.files.find(file => file.path === 'package-lock.json')
    expect(artifact.manifest.locks).toEqual([{ path: 'package-lock.json', digest: lock?.digest }])
  })

  it('[A1] is refused when a byte of it was changed in the store', async () => {
    const { artifact } = await artifacts().publish(await writeTree('one', support))
    const blobs = join(root, 'store', 'blobs', 'sha256')
    for (const name of await readdir(blobs)) {
      const bytes = await readFile(join(blobs, name))
      if (`sha256:${name}` === artifact.digest || `sha256:${name}` === artifact.content) continue
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
      await writeFile(join(blobs, name), bytes)
    }
    await expect(artifacts().unpack(artifact, join(root, 'out'))).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect((await readdir(root)).toSorted()).toEqual(['one', 'store'])
  })

  it('ends with a clear error when a file changes while it is packed, and stores nothing under the content', async () => {
    const request = await writeTree('one', support)
    await writeFile(join(root, 'one', 'deploy.sh'), 'longer than it was when it was listed')
    await expect(artifacts().publish(request)).rejects.toMatchObject({
      code: 'compile_failed',
      message: expect.stringContaining('deploy.sh changed while it was packed'),
    })
  })

  it('[M8] carries statements about itself, each once, and no statement about another', async () => {
    const { artifact } = await artifacts().publish(await writeTree('one', support))
    const statement = (digest: string) => ({
      _type: 'https://in-toto.io/Statement/v1' as const,
      subject: [{ name: 'support', digest: { sha256: digest.slice('sha256:'.length) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: { by: 'ada' },
    })
    await artifacts().attachStatement(artifact.digest, statement(artifact.digest))
    await artifacts().attachStatement(artifact.digest, statement(artifact.digest))
    await artifacts().attachStatement(artifact.digest, statement(artifact.content))
    expect(await artifacts().readStatements(artifact.digest)).toEqual([statement(artifact.digest)])
  })

  it('can be found by a registry tag', async () => {
    const { artifact } = await artifacts().publish(await writeTree('one', support))
    await artifacts().tag(artifact.digest, 'support-v1')
    expect((await artifacts().read('support-v1'))?.digest).toBe(artifact.digest)
    expect(await artifacts().read('support-v2')).toBeUndefined()
  })
})
