import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layoutFailure } from '../../../src/adapters/oci/layout-failure.ts'
import { withLock } from '../../../src/adapters/oci/layout-lock.ts'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import { isSha256Digest } from '../../../src/domain/units.ts'
import type { BlobStore } from '../../../src/ports/blob-store.ts'
import { artifactOf, blobOf, noise, publish, readWhole, textBlob } from '../../support/artifacts.ts'
import { type RunningRegistry, startRegistry } from '../../support/registry.ts'

const run = promisify(execFile)
const solution = 'application/vnd.ringway.solution.v1'
const tagKey = 'org.opencontainers.image.ref.name'

let root: string
let directory: string
let store: BlobStore

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-layout-'))
  directory = join(root, 'artifacts')
  store = openBlobStore({ location: `oci-layout:${directory}` })
})
afterEach(() => rm(root, { recursive: true, force: true }))

interface IndexEntry {
  readonly digest: string
  readonly annotations?: Record<string, string>
}

async function readIndex(): Promise<readonly IndexEntry[]> {
  return JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')).manifests
}

async function tagsOf(): Promise<readonly string[]> {
  return (await readIndex()).map(({ annotations }) => annotations?.[tagKey] ?? '')
}

/** Reads everything that the index lists, verified. */
async function readAll(): Promise<number> {
  const entries = await readIndex()
  for (const { digest } of entries) {
    const manifest = await store.readManifest(digest)
    const { config, layers } = JSON.parse(Buffer.from(manifest?.bytes ?? '').toString())
    for (const blob of [config, ...layers]) await readWhole(store.readBlob(blob))
  }
  return entries.length
}

function startWriter(name: string, count: number, size = 1_000): ChildProcess {
  const script = join(import.meta.dirname, 'layout-writer.ts')
  return spawn(process.execPath, [script, `oci-layout:${directory}`, name, String(count), String(size)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

describe('an OCI image layout', () => {
  it('has the files that the specification asks for', async () => {
    const artifact = artifactOf({ layer: textBlob('layer', 'text/plain'), artifactType: solution })
    await publish(store, artifact, 'v1')
    expect(JSON.parse(await readFile(join(directory, 'oci-layout'), 'utf8'))).toEqual({ imageLayoutVersion: '1.0.0' })
    expect(JSON.parse(await readFile(join(directory, 'index.json'), 'utf8'))).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [{ ...artifact.descriptor, artifactType: solution, annotations: { [tagKey]: 'v1' } }],
    })
    const blobs = await readdir(join(directory, 'blobs', 'sha256'))
    expect(blobs.toSorted()).toEqual(
      [artifact.manifest, ...artifact.blobs].map(({ digest }) => digest.slice('sha256:'.length)).toSorted(),
    )
    expect(await readdir(join(directory, 'unfinished'))).toEqual([])
  })

  it('lists a manifest once for each tag and never forgets one that loses its tags', async () => {
    const [one, two] = ['one', 'two'].map(text =>
      artifactOf({ layer: textBlob(text, 'text/plain'), artifactType: solution }),
    )
    if (one === undefined || two === undefined) throw new Error('There are two artifacts.')
    await publish(store, one)
    expect(await tagsOf()).toEqual([''])
    await publish(store, one, 'v1')
    await publish(store, one, 'v1')
    await publish(store, one, 'latest')
    expect(await tagsOf()).toEqual(['v1', 'latest'])
    await publish(store, two, 'latest')
    expect(await tagsOf()).toEqual(['v1', 'latest'])
    await publish(store, two, 'v1')
    const entries = await readIndex()
    expect(entries.map(({ digest, annotations }) => [digest, annotations?.[tagKey]])).toEqual([
      [two.manifest.digest, 'latest'],
      [one.manifest.digest, undefined],
      [two.manifest.digest, 'v1'],
    ])
    await publish(store, one)
    expect(await readIndex()).toEqual(entries)
  })

  it('keeps what other tools wrote into the index', async () => {
    await publish(store, artifactOf({ layer: textBlob('one', 'text/plain'), artifactType: solution }), 'v1')
    const path = join(directory, 'index.json')
    const index = JSON.parse(await readFile(path, 'utf8'))
    const foreign = {
      ...index.manifests[0],
      platform: { os: 'linux', architecture: 'arm64' },
      annotations: { [tagKey]: 'arm', by: 'other' },
    }
    await writeFile(path, JSON.stringify({ ...index, manifests: [...index.manifests, foreign] }))
    await publish(store, artifactOf({ layer: textBlob('two', 'text/plain'), artifactType: solution }), 'v2')
    expect(await readIndex()).toContainEqual(foreign)
  })

  it('[A1] refuses a file that was changed, and one that was cut', async () => {
    const blob = blobOf(noise(100_000, 'on disk'))
    await store.writeBlob(blob, blob.open)
    const path = join(directory, 'blobs', 'sha256', blob.digest.slice('sha256:'.length))
    const bytes = await readFile(path)
    bytes.writeUInt8(bytes.readUInt8(70_000) ^ 1, 70_000)
    await writeFile(path, bytes)
    await expect(readWhole(store.readBlob(blob))).rejects.toMatchObject({ code: 'digest_mismatch' })
    await truncate(path, 10)
    await expect(readWhole(store.readBlob(blob))).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect(await store.writeBlob(blob, blob.open)).toBe('written')
    expect(Buffer.compare(await readWhole(store.readBlob(blob)), blob.bytes)).toBe(0)
  })

  it('[A1] refuses a manifest that was changed, or is too large', async () => {
    const artifact = artifactOf({ layer: textBlob('layer', 'text/plain'), artifactType: solution })
    await publish(store, artifact, 'v1')
    const path = join(directory, 'blobs', 'sha256', artifact.manifest.digest.slice('sha256:'.length))
    await writeFile(path, Buffer.concat([artifact.manifest.bytes, Buffer.from(' ')]))
    await expect(store.readManifest('v1')).rejects.toMatchObject({ code: 'digest_mismatch' })
    await writeFile(path, Buffer.alloc(4 * 1024 * 1024 + 1))
    await expect(store.readManifest('v1')).rejects.toMatchObject({
      code: 'artifact_refused',
      facts: { rule: 'manifest_size' },
    })
    await rm(path)
    await expect(store.readManifest('v1')).rejects.toMatchObject({ code: 'artifact_not_found' })
  })

  it('is not made inside a directory that holds other things', async () => {
    await mkdir(directory)
    await writeFile(join(directory, 'thesis.doc'), 'years of work')
    const blob = textBlob('x', 'text/plain')
    await expect(store.writeBlob(blob, blob.open)).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining('thesis.doc'),
    })
    expect(await readdir(directory)).toEqual(['thesis.doc'])
  })

  it('of another version is not touched', async () => {
    await mkdir(directory)
    await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}')
    const blob = textBlob('x', 'text/plain')
    await expect(store.writeBlob(blob, blob.open)).rejects.toMatchObject({ message: expect.stringContaining('2.0.0') })
  })

  it.each([
    { why: 'a file stands in its place', prepare: () => writeFile(directory, 'a file') },
    { why: 'a link leads nowhere', prepare: () => symlink(join(root, 'nowhere', 'at-all'), directory) },
  ])('says so when $why', async ({ prepare }) => {
    await prepare()
    const blob = textBlob('x', 'text/plain')
    await expect(store.writeBlob(blob, blob.open)).rejects.toMatchObject({ code: 'store_unreachable', kind: 'errored' })
  })

  it('says so when the disk is full', async () => {
    const blob = blobOf(noise(100_000, 'too much'))
    await publish(store, artifactOf({ layer: textBlob('x', 'text/plain'), artifactType: solution }))
    // A limit on the size of files stands for a full disk: the write itself fails.
    const script = `
      import { openBlobStore } from ${JSON.stringify(join(import.meta.dirname, '../../../src/adapters/oci/reference.ts'))}
      import { blobOf, noise } from ${JSON.stringify(join(import.meta.dirname, '../../support/artifacts.ts'))}
      process.on('SIGXFSZ', () => {})
      const blob = blobOf(noise(100_000, 'too much'))
      await openBlobStore({ location: 'oci-layout:${directory}' }).writeBlob(blob, blob.open).catch(error => console.log(error.code))`
    const { stdout } = await run('bash', [
      '-c',
      'ulimit -f 20; exec "$0" --input-type=module-typescript -e "$1"',
      process.execPath,
      script,
    ])
    expect(stdout.trim()).toBe('store_unreachable')
    expect(await readdir(join(directory, 'unfinished'))).toEqual([])
    expect(await store.hasBlob(blob.digest)).toBe(false)
  })

  it.skipIf(process.getuid?.() === 0)('says so when it may not be written', async () => {
    await mkdir(directory)
    await chmod(directory, 0o500)
    const blob = textBlob('x', 'text/plain')
    await expect(store.writeBlob(blob, blob.open)).rejects.toMatchObject({ code: 'store_denied' })
  })

  it.each(['EACCES', 'EPERM', 'EROFS'])('calls %s a refusal', code => {
    const cause = Object.assign(new Error(`${code}: no`), { code })
    expect(layoutFailure('oci-layout:x', cause)).toMatchObject({ code: 'store_denied', kind: 'failed' })
  })

  it('sweeps what a crash left, after a day', async () => {
    await publish(store, artifactOf({ layer: textBlob('x', 'text/plain'), artifactType: solution }))
    const [old, young] = [join(directory, 'unfinished', 'old'), join(directory, 'unfinished', 'young')]
    for (const path of [old, young]) await writeFile(path, 'half a blob')
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1000)
    await utimes(old, twoDaysAgo, twoDaysAgo)
    const next = openBlobStore({ location: `oci-layout:${directory}` })
    const blob = textBlob('y', 'text/plain')
    await next.writeBlob(blob, blob.open)
    expect(await readdir(join(directory, 'unfinished'))).toEqual(['young'])
  })
})

describe('several processes in one layout', () => {
  it('lose nothing of each other', async () => {
    const names = ['a', 'b', 'c']
    const writers = names.map(name => startWriter(name, 12))
    const codes = await Promise.all(writers.map(writer => once(writer, 'exit')))
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0])
    const wanted = names.flatMap(name => Array.from({ length: 12 }, (_, at) => `${name}-${at + 1}`))
    expect((await tagsOf()).toSorted()).toEqual(wanted.toSorted())
    expect(await readAll()).toBe(36)
  })

  it('that are killed leave a valid layout, and their lock stops nobody', async () => {
    let acknowledged: readonly string[] = []
    for (const afterMs of [0, 3, 11, 17, 29]) {
      const writer = startWriter(`killed${afterMs}`, 10_000, 200_000)
      let said = ''
      writer.stdout?.on('data', (text: Buffer) => {
        said += text.toString()
      })
      // From its first artifact on it writes without a pause, so the kill comes at some point of that.
      if (writer.stdout !== null) await once(writer.stdout, 'data')
      await sleep(afterMs)
      writer.kill('SIGKILL')
      await once(writer, 'close')
      acknowledged = [...acknowledged, ...said.split('\n').filter(line => line !== '')]
    }
    await publish(store, artifactOf({ layer: textBlob('survivor', 'text/plain'), artifactType: solution }), 'survivor')
    const tags = await tagsOf()
    expect(tags).toEqual(expect.arrayContaining([...acknowledged, 'survivor']))
    expect(await readAll()).toBe(tags.length)
    for (const name of await readdir(join(directory, 'blobs', 'sha256'))) {
      const digest = `sha256:${name}`
      const { size } = await stat(join(directory, 'blobs', 'sha256', name))
      if (!isSha256Digest(digest)) throw new Error(`${name} is no blob.`)
      await readWhole(store.readBlob({ mediaType: 'any', digest, size }))
    }
  })
})

describe('a lock', () => {
  const patience = { staleMs: 60_000, waitMs: 500 }
  const lock = () => join(root, 'lock')

  it('is held by one at a time', async () => {
    let holders = 0
    let most = 0
    const work = async (): Promise<void> => {
      holders += 1
      most = Math.max(most, holders)
      await sleep(2)
      holders -= 1
    }
    await Promise.all(Array.from({ length: 20 }, () => withLock(lock(), work)))
    expect(most).toBe(1)
    expect(await readdir(root)).toEqual([])
  })

  it('of a process that is gone is taken over by exactly one', async () => {
    const gone = spawnSync('true').pid
    let most = 0
    for (let round = 0; round < 10; round += 1) {
      await writeFile(lock(), JSON.stringify({ host: hostname(), pid: gone, id: 'x' }))
      let holders = 0
      const work = async (): Promise<void> => {
        holders += 1
        most = Math.max(most, holders)
        await sleep(1)
        holders -= 1
      }
      await Promise.all(Array.from({ length: 8 }, () => withLock(lock(), work, patience)))
    }
    expect(most).toBe(1)
  })

  it('of a living process is waited for, and then named', async () => {
    const held = { host: hostname(), pid: process.pid, id: 'x' }
    await writeFile(lock(), JSON.stringify(held))
    await expect(withLock(lock(), async () => undefined, patience)).rejects.toThrow(`"pid":${process.pid}`)
    expect(JSON.parse(await readFile(lock(), 'utf8'))).toEqual(held)
  })

  it('of another machine is believed until it is too old', async () => {
    await writeFile(lock(), JSON.stringify({ host: 'another-machine', pid: 1, id: 'x' }))
    await expect(withLock(lock(), async () => undefined, patience)).rejects.toThrow('another-machine')
    const longAgo = new Date(Date.now() - 120_000)
    await utimes(lock(), longAgo, longAgo)
    expect(await withLock(lock(), async () => 'taken over', patience)).toBe('taken over')
  })

  it('that was taken over is noticed by the one who had it', async () => {
    const work = withLock(lock(), async stillHeld => {
      await stillHeld()
      await writeFile(lock(), JSON.stringify({ host: hostname(), pid: process.pid, id: 'the next' }))
      await stillHeld()
    })
    await expect(work).rejects.toThrow('taken over')
    expect(await readFile(lock(), 'utf8')).toContain('the next')
  })

  it('whose breaker died too is taken over all the same', async () => {
    const longAgo = new Date(Date.now() - 120_000)
    for (const path of [lock(), `${lock()}.break`]) {
      await writeFile(path, '')
      await utimes(path, longAgo, longAgo)
    }
    expect(await withLock(lock(), async () => 'taken over', patience)).toBe('taken over')
  })
})

const hasSkopeo = spawnSync('skopeo', ['--version']).status === 0

describe.skipIf(!hasSkopeo)('skopeo', () => {
  let registry: RunningRegistry

  it('[M9] copies an artifact from a layout to a registry and back, digest for digest', async () => {
    registry = await startRegistry()
    try {
      const artifact = artifactOf({ layer: blobOf(noise(300_000, 'copied')), artifactType: solution })
      await publish(store, artifact, 'v1')
      const remote = openBlobStore({ location: `oci://${registry.host}/copied` })
      await run('skopeo', [
        'copy',
        '--dest-tls-verify=false',
        `oci:${directory}:v1`,
        `docker://${registry.host}/copied:v1`,
      ])
      expect((await remote.readManifest('v1'))?.digest).toBe(artifact.manifest.digest)
      const back = join(root, 'back')
      await run('skopeo', ['copy', '--src-tls-verify=false', `docker://${registry.host}/copied:v1`, `oci:${back}:v1`])
      const returned = openBlobStore({ location: `oci-layout:${back}` })
      expect((await returned.readManifest('v1'))?.digest).toBe(artifact.manifest.digest)
      await publish(returned, artifactOf({ layer: textBlob('ours', 'text/plain'), artifactType: solution }), 'v2')
      const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${back}:v1`])
      expect(blobOf(Buffer.from(stdout)).digest).toBe(artifact.manifest.digest)
    } finally {
      await registry[Symbol.asyncDispose]()
    }
  })
})
