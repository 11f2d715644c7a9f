import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import type { Patience } from '../../../src/adapters/oci/registry-patience.ts'
import type { BlobStore } from '../../../src/ports/blob-store.ts'
import { artifactOf, blobOf, noise, publish, readWhole, type TestArtifact } from '../../support/artifacts.ts'
import { type ConnectionFaults, type RunningFaultProxy, startFaultProxy } from '../../support/fault-proxy.ts'
import { type HttpFault, type RunningHttpFaultProxy, startHttpFaultProxy } from '../../support/http-fault-proxy.ts'
import { type RunningOciServer, startOciServer } from '../../support/oci-server.ts'
import { type RunningRegistry, startRegistry } from '../../support/registry.ts'

const patience: Patience = { attempts: 5, firstPauseMs: 5, longestPauseMs: 1_000, silenceMs: 10_000 }
/** Where silence is what is shown. Long enough that a busy machine is not taken for a silent one. */
const short: Patience = { ...patience, silenceMs: 1_500 }
/** Where everything is silent, so that nothing else can be mistaken for it. */
const shortest: Patience = { ...patience, silenceMs: 400 }
const megabyte = 1024 * 1024
const size = 6 * megabyte

let registry: RunningRegistry
let modern: RunningOciServer
let network: RunningFaultProxy
let server: RunningHttpFaultProxy
let modernServer: RunningHttpFaultProxy

beforeAll(async () => {
  registry = await startRegistry()
  modern = await startOciServer()
  network = await startFaultProxy(registry.port)
  server = await startHttpFaultProxy(registry.port)
  modernServer = await startHttpFaultProxy(modern.port)
})
afterAll(async () => {
  for (const running of [network, server, modernServer, modern, registry]) await running[Symbol.asyncDispose]()
})

let count = 0
/** An artifact and a repository that no other test uses. */
function fresh(): { readonly name: string; readonly artifact: TestArtifact } {
  count += 1
  const layer = blobOf(noise(size, `layer ${count}`))
  return {
    name: `faults/r${count}`,
    artifact: artifactOf({ layer, artifactType: 'application/vnd.ringway.solution.v1' }),
  }
}

const open = (host: string, name: string, bears = patience): BlobStore =>
  openBlobStore({ location: `oci://${host}/${name}`, patience: bears })

/** What somebody else sees who asks the registry without the fault. */
async function isWhole(store: BlobStore, artifact: TestArtifact): Promise<boolean> {
  const found = await store.readManifest('v1')
  if (found?.digest !== artifact.manifest.digest) return false
  for (const blob of artifact.blobs) {
    if (Buffer.compare(await readWhole(store.readBlob(blob)), blob.bytes) !== 0) return false
  }
  return true
}

const isSilent = ({ up, down }: ConnectionFaults): boolean => up?.kind === 'blackhole' || down?.kind === 'blackhole'

/** Nothing of the artifact can be found, so nothing can be deployed from it. */
async function isAbsent(store: BlobStore, artifact: TestArtifact): Promise<boolean> {
  const [, layer] = artifact.blobs
  const manifests = [await store.readManifest('v1'), await store.readManifest(artifact.manifest.digest)]
  return manifests.every(found => found === undefined) && layer !== undefined && !(await store.hasBlob(layer.digest))
}

describe('[A1] a network that misbehaves while an artifact is pushed', () => {
  it.each<{ readonly why: string; readonly faults: ConnectionFaults; readonly times?: number }>([
    { why: 'late in both directions', faults: { up: { kind: 'latency', ms: 3 }, down: { kind: 'latency', ms: 3 } } },
    { why: 'slow', faults: { up: { kind: 'slow', bytesPerSecond: 20 * megabyte } } },
    { why: 'three connections refused', faults: { refuse: true }, times: 3 },
    {
      why: 'a connection swallowed in the middle',
      faults: { up: { kind: 'blackhole', afterBytes: 3 * megabyte } },
      times: 1,
    },
    { why: 'answers swallowed after the first', faults: { down: { kind: 'blackhole', afterBytes: 300 } }, times: 1 },
    { why: 'reset after a byte', faults: { up: { kind: 'reset', afterBytes: 1 } }, times: 2 },
    { why: 'reset in the middle', faults: { up: { kind: 'reset', afterBytes: 3 * megabyte } }, times: 1 },
    { why: 'ended after a byte', faults: { up: { kind: 'cut', afterBytes: 1 } }, times: 2 },
    { why: 'ended in the middle', faults: { up: { kind: 'cut', afterBytes: 3 * megabyte } }, times: 1 },
    { why: 'reset in an answer', faults: { down: { kind: 'reset', afterBytes: 20 } }, times: 2 },
    { why: 'one bit turned', faults: { up: { kind: 'corrupt', atByte: 3 * megabyte } }, times: 1 },
  ])('$why: it arrives whole', async ({ faults, times }) => {
    const { name, artifact } = fresh()
    network.inject(faults, times)
    await publish(open(network.host, name, isSilent(faults) ? short : patience), artifact, 'v1')
    expect(await isWhole(open(registry.host, name), artifact)).toBe(true)
  })

  it.each<{ readonly why: string; readonly faults: ConnectionFaults; readonly code: string; readonly kind: string }>([
    { why: 'refused', faults: { refuse: true }, code: 'store_unreachable', kind: 'errored' },
    {
      why: 'swallowed',
      faults: { up: { kind: 'blackhole', afterBytes: 0 } },
      code: 'store_unreachable',
      kind: 'errored',
    },
    {
      why: 'swallowed in the middle',
      faults: { up: { kind: 'blackhole', afterBytes: megabyte } },
      code: 'store_unreachable',
      kind: 'errored',
    },
    {
      why: 'unanswered',
      faults: { down: { kind: 'blackhole', afterBytes: 0 } },
      code: 'store_unreachable',
      kind: 'errored',
    },
    {
      why: 'reset in the middle',
      faults: { up: { kind: 'reset', afterBytes: megabyte } },
      code: 'store_unreachable',
      kind: 'errored',
    },
    {
      why: 'ended in the middle',
      faults: { up: { kind: 'cut', afterBytes: megabyte } },
      code: 'store_unreachable',
      kind: 'errored',
    },
    {
      why: 'corrupt',
      faults: { up: { kind: 'corrupt', atByte: 2 * megabyte, again: true } },
      code: 'digest_mismatch',
      kind: 'failed',
    },
  ])('$why every time: it says so, and nothing can be found', async ({ faults, code, kind }) => {
    const { name, artifact } = fresh()
    network.inject(faults)
    const store = open(network.host, name, isSilent(faults) ? shortest : patience)
    await expect(publish(store, artifact, 'v1')).rejects.toMatchObject({
      code,
      kind,
      remedy: expect.stringMatching(/\w/),
      facts: { location: `oci://${network.host}/${name}` },
    })
    expect(await isAbsent(open(registry.host, name), artifact)).toBe(true)
  })
})

describe('[A1] a network that misbehaves while a blob is read', () => {
  const published = async () => {
    const { name, artifact } = fresh()
    await publish(open(registry.host, name), artifact, 'v1')
    return { name, artifact }
  }

  it.each<{ readonly why: string; readonly faults: ConnectionFaults; readonly times?: number }>([
    { why: 'reset in the middle', faults: { down: { kind: 'reset', afterBytes: 2 * megabyte } } },
    { why: 'ended in the middle', faults: { down: { kind: 'cut', afterBytes: 2 * megabyte } } },
    { why: 'silent in the middle', faults: { down: { kind: 'blackhole', afterBytes: 2 * megabyte } }, times: 1 },
  ])('$why each time: it goes on where it ended', async ({ faults, times }) => {
    const { name, artifact } = await published()
    network.inject(faults, times)
    expect(await isWhole(open(network.host, name, isSilent(faults) ? short : patience), artifact)).toBe(true)
  })

  it('corrupt: what came is refused (D70)', async () => {
    const { name, artifact } = await published()
    const store = open(network.host, name)
    network.inject({ down: { kind: 'corrupt', atByte: 3 * megabyte } })
    const [, layer] = artifact.blobs
    if (layer === undefined) throw new Error('An artifact has a layer.')
    await expect(readWhole(store.readBlob(layer))).rejects.toMatchObject({ code: 'digest_mismatch' })
  })
})

describe('[A1] an upload that is cut (D73)', () => {
  const cuts: readonly {
    readonly why: string
    readonly method: string
    readonly path: RegExp
    readonly fault: HttpFault
  }[] = [
    { why: 'before it begins', method: 'POST', path: /uploads/, fault: { kind: 'cut_request', afterBytes: 0 } },
    { why: 'at its first byte', method: 'PATCH', path: /uploads/, fault: { kind: 'cut_request', afterBytes: 1 } },
    { why: 'in the middle', method: 'PATCH', path: /uploads/, fault: { kind: 'cut_request', afterBytes: size / 2 } },
    { why: 'at its last byte', method: 'PATCH', path: /uploads/, fault: { kind: 'cut_request', afterBytes: size - 1 } },
    { why: 'after its last byte', method: 'PATCH', path: /uploads/, fault: { kind: 'lose_answer' } },
    {
      why: 'before its end is told',
      method: 'PUT',
      path: /uploads\/.*digest=/,
      fault: { kind: 'cut_request', afterBytes: 0 },
    },
    { why: 'when it had ended', method: 'PUT', path: /uploads\/.*digest=/, fault: { kind: 'lose_answer' } },
    {
      why: 'before the manifest',
      method: 'PUT',
      path: /manifests\/sha256/,
      fault: { kind: 'cut_request', afterBytes: 0 },
    },
    {
      why: 'in the manifest',
      method: 'PUT',
      path: /manifests\/sha256/,
      fault: { kind: 'cut_request', afterBytes: 10 },
    },
    { why: 'after the manifest', method: 'PUT', path: /manifests\/sha256/, fault: { kind: 'lose_answer' } },
    { why: 'before the tag', method: 'PUT', path: /manifests\/v1/, fault: { kind: 'cut_request', afterBytes: 0 } },
  ]

  it.each(cuts)('$why: it is sent again, and arrives whole', async ({ method, path, fault }) => {
    const { name, artifact } = fresh()
    server.inject({ method, path, fault })
    await publish(open(server.host, name), artifact, 'v1')
    expect(await isWhole(open(registry.host, name), artifact)).toBe(true)
  })

  it.each(cuts.filter(({ method, fault }) => method !== 'POST' && fault.kind === 'cut_request'))(
    '$why, each time: it says so, and no tag can be found',
    async ({ method, path, fault }) => {
      const { name, artifact } = fresh()
      const attempts = { method, path: new RegExp(`${name}/.*${path.source}`), fault, times: patience.attempts }
      server.inject(attempts)
      const pushing = publish(open(server.host, name), artifact, 'v1')
      await expect(pushing).rejects.toMatchObject({ code: 'store_unreachable', kind: 'errored' })
      expect(await open(registry.host, name).readManifest('v1')).toBeUndefined()
      await publish(open(server.host, name), artifact, 'v1')
      expect(await isWhole(open(registry.host, name), artifact)).toBe(true)
    },
  )

  it('is continued where the registry says that it ended', async () => {
    const { name, artifact } = fresh()
    for (const afterBytes of [2 * megabyte, 2 * megabyte, megabyte]) {
      modernServer.inject({ method: 'PATCH', path: /uploads/, fault: { kind: 'cut_request', afterBytes } })
    }
    await publish(open(modernServer.host, name), artifact, 'v1')
    expect(await isWhole(open(modern.host, name), artifact)).toBe(true)
    const parts = modernServer.seen.filter(({ method, path }) => method === 'PATCH' && path.includes(name))
    expect(parts).toHaveLength(4)
    const continued = parts.slice(1).map(({ headers }) => Number(String(headers['content-range']).split('-')[0]))
    expect(continued.every((start, at) => start > (continued[at - 1] ?? 0))).toBe(true)
    // Less than a tenth more than the blob: what was cut off is not sent from its beginning again.
    expect(parts.reduce((sum, { received }) => sum + received, 0)).toBeLessThan(size * 1.1)
  })
})

describe('a registry that does not answer as it should', () => {
  const requests = [
    { method: 'HEAD', path: /blobs\/sha256/ },
    { method: 'POST', path: /uploads/ },
    { method: 'PATCH', path: /uploads/ },
    { method: 'PUT', path: /digest=/ },
    { method: 'PUT', path: /manifests\/sha256/ },
    { method: 'PUT', path: /manifests\/v1/ },
    { method: 'HEAD', path: /manifests\/v1/ },
  ]

  it.each(requests.flatMap(request => [500, 502, 503, 429].map(status => ({ ...request, status }))))(
    '$status to $method $path twice: it is asked again',
    async ({ method, path, status }) => {
      const { name, artifact } = fresh()
      const fault: HttpFault = { kind: 'answer', status, headers: { 'retry-after': '0' }, body: 'try later' }
      server.inject({ method, path: new RegExp(`${name}/.*${path.source}`), times: 2, fault })
      await publish(open(server.host, name), artifact, 'v1')
      expect(await isWhole(open(registry.host, name), artifact)).toBe(true)
    },
  )

  it('is asked again after the pause that it names', async () => {
    const { name } = fresh()
    const later: HttpFault = { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }
    server.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault: later })
    const started = performance.now()
    expect(await open(server.host, name).readManifest('v1')).toBeUndefined()
    expect(performance.now() - started).toBeGreaterThan(950)
  })

  it('that wants a pause which nobody waits for has said no', async () => {
    const { name } = fresh()
    const later: HttpFault = {
      kind: 'answer',
      status: 503,
      headers: { 'retry-after': '3600' },
      body: 'down for maintenance',
    }
    server.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault: later, times: 9 })
    await expect(open(server.host, name).readManifest('v1')).rejects.toMatchObject({
      code: 'store_unreachable',
      kind: 'errored',
      message: expect.stringContaining('503 (down for maintenance)'),
    })
    expect(server.seen.filter(({ path }) => path.includes(name))).toHaveLength(1)
  })

  it.each([500, 502, 503, 504])('%d every time: it is unreachable', async status => {
    const { name } = fresh()
    const fault: HttpFault = { kind: 'answer', status }
    server.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault, times: patience.attempts })
    await expect(open(server.host, name).readManifest('v1')).rejects.toMatchObject({
      code: 'store_unreachable',
      kind: 'errored',
    })
    expect(server.seen.filter(({ path }) => path.includes(name))).toHaveLength(patience.attempts)
  })

  it.each([400, 405, 418, 501])('%d is asked once', async status => {
    const { name } = fresh()
    const fault: HttpFault = { kind: 'answer', status, body: 'a\u001b[31mred\r\nherring' }
    server.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault, times: 9 })
    await expect(open(server.host, name).readManifest('v1')).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining(`${status} (a [31mred herring)`),
    })
    expect(server.seen.filter(({ path }) => path.includes(name))).toHaveLength(1)
  })

  it('silence ends after its time, and is borne twice at most', async () => {
    const { name } = fresh()
    server.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault: { kind: 'silence' }, times: 9 })
    const started = performance.now()
    await expect(open(server.host, name, shortest).readManifest('v1')).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining('no progress for 400 ms'),
    })
    expect(performance.now() - started).toBeLessThan(6_000)
    expect(server.seen.filter(({ path }) => path.includes(name))).toHaveLength(2)
  })

  it('a port where nothing listens is named', async () => {
    const { name } = fresh()
    const gone = await startFaultProxy(registry.port)
    await gone[Symbol.asyncDispose]()
    await expect(open(gone.host, name).readManifest('v1')).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining(gone.host),
      remedy: expect.stringContaining('reaches it'),
    })
  })

  it('a server that does not know ranges sends everything, and what came before is passed over', async () => {
    const { name, artifact } = fresh()
    await publish(open(registry.host, name), artifact, 'v1')
    const [, layer] = artifact.blobs
    if (layer === undefined) throw new Error('An artifact has a layer.')
    const path = new RegExp(`${name}/blobs/${layer.digest}`)
    server.inject({ method: 'GET', path, fault: { kind: 'alter', cutAfter: 2 * megabyte } })
    server.inject({ method: 'GET', path, fault: { kind: 'alter', dropRequestHeader: 'range' } })
    expect(Buffer.compare(await readWhole(open(server.host, name).readBlob(layer)), layer.bytes)).toBe(0)
    const asked = server.seen.filter(({ method, path: seen }) => method === 'GET' && path.test(seen))
    expect(asked.map(({ status }) => status)).toEqual([200, 200])
    expect(asked[1]?.headers['range']).toMatch(/^bytes=[1-9]\d*-$/)
  })
})
