import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeArtifactManifest } from '../../../src/adapters/oci/artifact-manifest.ts'
import { createArtifacts } from '../../../src/adapters/oci/artifacts.ts'
import { encodeManifest } from '../../../src/adapters/oci/manifest-blob.ts'
import { contentTag } from '../../../src/adapters/oci/publish-artifact.ts'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import { openSpool } from '../../../src/adapters/oci/spool.ts'
import { layerMediaType } from '../../../src/domain/manifest.ts'
import { sha256Digest } from '../../../src/domain/units.ts'
import type { Progress } from '../../../src/ports/artifacts.ts'
import type { BlobStore } from '../../../src/ports/blob-store.ts'
import { blobOf, noise, readWhole } from '../../support/artifacts.ts'
import { startHttpFaultProxy } from '../../support/http-fault-proxy.ts'
import { type TreeFiles, writeTree } from '../../support/published-tree.ts'
import { startRegistry } from '../../support/registry.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-publish-'))
  // Where unfinished layers are kept.
  await mkdir(join(root, 'temporary'))
  vi.stubEnv('TMPDIR', join(root, 'temporary'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true })
})

const leftBehind = async () => (await readdir(join(root, 'temporary'))).filter(name => name.startsWith('ringway-pack-'))
const layout = () => openBlobStore({ location: `oci-layout:${join(root, 'store')}` })

const size = 300_000
const files: TreeFiles = Object.fromEntries([
  ...Array.from({ length: 6 }, (_, number) => {
    const component = `part-${number}`
    return [`${component}/data.bin`, { content: noise(size, component), component }]
  }),
  ['run.sh', { content: '#!/bin/sh\n', executable: true }],
])

/** A store in which something goes wrong. */
function changed(store: BlobStore, change: Partial<BlobStore>): BlobStore {
  return { ...store, ...change }
}

describe('publishing to a real registry', () => {
  it('[M9] after a change sends the layer that changed and little more, and reads no other', async () => {
    await using registry = await startRegistry()
    await using proxy = await startHttpFaultProxy(registry.port)
    const artifacts = createArtifacts(openBlobStore({ location: `oci://${proxy.host}/tests/shop` }))
    const before = await artifacts.publish(await writeTree(join(root, 'tree'), files))
    await appendFile(join(root, 'tree', 'part-3', 'data.bin'), 'one line more')
    const content = Buffer.concat([noise(size, 'part-3'), Buffer.from('one line more')])
    const request = await writeTree(join(root, 'tree'), {
      ...files,
      'part-3/data.bin': { content, component: 'part-3' },
    })
    // What did not change is gone from the disk: its layers are taken from the version before without a look at it.
    const digests = new Map(before.artifact.manifest.files.map(file => [file.path, file.digest]))
    for (const path of ['part-0', 'part-5']) await rm(join(root, 'tree', path), { recursive: true })
    const known = request.files.map(file =>
      file.path === 'part-3/data.bin' ? file : { ...file, digest: digests.get(file.path) },
    )
    const alreadySeen = proxy.seen.length
    const after = await artifacts.publish({ ...request, files: known, baseline: before.artifact.digest })

    const sent = proxy.seen.slice(alreadySeen).reduce((sum, one) => sum + one.received, 0)
    const isSame = after.artifact.manifest.layers.map(
      (layer, index) => layer.digest === before.artifact.manifest.layers[index]?.digest,
    )
    expect(isSame).toEqual([true, true, true, true, false, true, true])
    expect(sent).toBeGreaterThan(size)
    expect(sent).toBeLessThan(size + 16 * 1024)
    expect(after.uploadedBytes).toBeLessThanOrEqual(sent)
    await artifacts.unpack(after.artifact, join(root, 'out'))
    expect(await leftBehind()).toEqual([])
  })

  it('makes no artifact when the registry stops taking layers, and leaves nothing on this machine', async () => {
    await using registry = await startRegistry()
    await using proxy = await startHttpFaultProxy(registry.port)
    const artifacts = createArtifacts(openBlobStore({ location: `oci://${proxy.host}/tests/shop` }))
    const request = await writeTree(join(root, 'tree'), files)
    proxy.inject({ method: 'PUT', path: /blobs/, fault: { kind: 'answer', status: 403 }, times: 100 })
    await expect(artifacts.publish(request)).rejects.toMatchObject({ code: 'store_denied' })
    const { content } = await artifacts.contentOf(request)
    expect(await artifacts.read(contentTag(content))).toBeUndefined()
    expect(proxy.seen.filter(one => one.method === 'PUT' && one.path.includes('manifests'))).toEqual([])
    expect(await leftBehind()).toEqual([])
  })
})

describe('publishing', () => {
  it('tells how far it has come, and never goes back', async () => {
    const told: Progress[] = []
    const request = await writeTree(join(root, 'tree'), files)
    await createArtifacts(layout(), progress => told.push(progress)).publish(request)
    for (const doing of ['packing', 'uploading'] as const) {
      const done = told.filter(one => one.doing === doing).map(one => one.done)
      expect(done).toEqual(done.toSorted((a, b) => a - b))
      const last = told.findLast(one => one.doing === doing)
      expect(last?.done).toBe(last?.total)
    }
    expect(told.find(one => one.doing === 'packing')?.total).toBe(6 * size + 10)
  })

  it('stops everything at the first failure and tells that one', async () => {
    let writes = 0
    const store = changed(layout(), {
      writeBlob: async () => {
        writes += 1
        throw new Error('the disk is full')
      },
    })
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, number) => [`${number}/x`, { content: `${number}`, component: `c${number}` }]),
    )
    await expect(createArtifacts(store).publish(await writeTree(join(root, 'tree'), many))).rejects.toThrow(
      'the disk is full',
    )
    expect(writes).toBeLessThan(10)
    expect(await leftBehind()).toEqual([])
  })

  it.each([
    { what: 'is not in the store', baseline: `sha256:${'0'.repeat(64)}` as const },
    { what: 'is no artifact of ours', baseline: undefined },
  ])('needs no version before: one that $what only costs the chance to share', async ({ baseline }) => {
    const store = layout()
    const bytes = new TextEncoder().encode(
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', layers: [] }),
    )
    const foreign = blobOf(bytes)
    await store.writeManifest({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: foreign.digest,
      bytes,
    })
    const request = await writeTree(join(root, 'tree'), files)
    const digest = baseline === undefined ? foreign.digest : sha256Digest(baseline)
    const published = await createArtifacts(store).publish({ ...request, baseline: digest })
    expect(published.existed).toBe(false)
  })

  it('packs a layer again that the registry has thrown away', async () => {
    const request = await writeTree(join(root, 'tree'), files)
    const first = await createArtifacts(layout()).publish(request)
    const withDigests = { ...request, files: first.artifact.manifest.files, baseline: first.artifact.digest }
    const asked: string[] = []
    const store = changed(layout(), {
      hasBlob: async digest => {
        asked.push(digest)
        return asked.length !== 1
      },
    })
    const again = await createArtifacts(store).publish(withDigests)
    expect(again.artifact).toEqual(first.artifact)
    expect(asked).toHaveLength(7)
  })

  it('[M9] does not trust the content tag: who may write to the store may set it', async () => {
    const request = await writeTree(join(root, 'tree'), { 'run.sh': { content: 'echo good\n' } })
    const { content, manifest } = await createArtifacts(layout()).contentOf(request)
    // An artifact of the same content whose layer cannot be unpacked.
    const junk = blobOf(noise(100, 'junk'), layerMediaType)
    const [layer] = manifest.layers
    const config = encodeManifest(manifest)
    const poison = encodeArtifactManifest({
      config: config.blob,
      layers: [{ blob: junk, uncompressed: layer?.digest ?? junk.digest, component: undefined }],
      sourceUrl: request.sourceUrl,
    })
    const store = layout()
    await store.writeBlob(junk, junk.open)
    await store.writeBlob(config.blob, async function* () {
      yield config.bytes
    })
    await store.writeManifest(poison, contentTag(content))

    const published = await createArtifacts(store).publish(request)
    expect(published).toMatchObject({ existed: false, isNewContent: false, artifact: { content } })
    expect(published.artifact.digest).not.toBe(poison.digest)
    await createArtifacts(store).unpack(published.artifact, join(root, 'out'))
  })

  it.each([
    { rule: 'parent_path', paths: ['../x'] },
    { rule: 'colliding_paths', paths: ['README', 'readme'] },
    { rule: 'too_many_files', paths: Array.from({ length: 100_001 }, (_, number) => `${number}`) },
  ])('refuses what could not be unpacked again: $rule', async ({ rule, paths }) => {
    const request = await writeTree(join(root, 'tree'), {})
    const listed = paths.map(path => ({ path, size: 0, executable: false }))
    await expect(createArtifacts(layout()).publish({ ...request, files: listed })).rejects.toMatchObject({
      code: 'artifact_refused',
      facts: { rule },
    })
  })

  it('refuses a layer of zeros, which nobody would dare to unpack', async () => {
    const request = await writeTree(join(root, 'tree'), { zeros: { content: '' } })
    await truncate(join(root, 'tree', 'zeros'), 65 * 1024 ** 2)
    const listed = [{ path: 'zeros', size: 65 * 1024 ** 2, executable: false }]
    await expect(createArtifacts(layout()).publish({ ...request, files: listed })).rejects.toMatchObject({
      code: 'artifact_refused',
      facts: { rule: 'compression_ratio' },
    })
    expect(await leftBehind()).toEqual([])
  })
})

describe('verifying', () => {
  it('[A1] reads everything and keeps nothing', async () => {
    const artifacts = createArtifacts(layout())
    const { artifact } = await artifacts.publish(await writeTree(join(root, 'tree'), files))
    const before = await readdir(root, { recursive: true })
    await artifacts.verify(artifact)
    expect(await readdir(root, { recursive: true })).toEqual(before)
  })

  it('[A1] fails when the store has lost the artifact', async () => {
    const artifacts = createArtifacts(layout())
    const { artifact } = await artifacts.publish(await writeTree(join(root, 'tree'), files))
    await rm(join(root, 'store', 'blobs', 'sha256', artifact.content.slice('sha256:'.length)))
    await expect(artifacts.verify(artifact)).rejects.toMatchObject({ code: 'artifact_not_found' })
  })
})

describe('a spool', () => {
  it.each([
    { where: 'memory', memory: 1_000, files: 0 },
    { where: 'memory, to the last byte', memory: 600, files: 0 },
    { where: 'a file as soon as memory is used up', memory: 599, files: 1 },
    { where: 'a file', memory: 0, files: 1 },
  ])('keeps bytes in $where, and gives them back as often as they are asked for', async ({ memory, files: onDisk }) => {
    await using spool = await openSpool({ parent: join(root, 'spools'), memory })
    const bytes = spool.next()
    for (const seed of ['a', 'b', 'c']) await bytes.write(noise(200, seed))
    await bytes.end()
    const expected = Buffer.concat(['a', 'b', 'c'].map(seed => noise(200, seed)))
    for (const _ of [1, 2]) expect(await readWhole(bytes.read())).toEqual(expected)
    const [directory = ''] = await readdir(join(root, 'spools'))
    expect(await readdir(join(root, 'spools', directory))).toHaveLength(onDisk)
    await bytes.remove()
    expect(await readdir(join(root, 'spools', directory))).toEqual([])
    // What was removed makes room for the next.
    const next = spool.next()
    await next.write(noise(memory, 'next'))
    expect(await readdir(join(root, 'spools', directory))).toEqual([])
  })

  it('of a process that was killed is taken away by the next one; that of a living one is not', async () => {
    const parent = join(root, 'spools')
    const script = `
      import { openSpool } from ${JSON.stringify(join(import.meta.dirname, '../../../src/adapters/oci/spool.ts'))}
      const spool = await openSpool({ parent: ${JSON.stringify(parent)}, memory: 0 })
      await spool.next().write(new Uint8Array(1000))
      console.log('ready')
      setInterval(() => {}, 1_000)
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await (await openSpool({ parent }))[Symbol.asyncDispose]()
    expect(await readdir(parent)).toHaveLength(1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await openSpool({ parent }))[Symbol.asyncDispose]()
    expect(await readdir(parent)).toEqual([])
  })
})
