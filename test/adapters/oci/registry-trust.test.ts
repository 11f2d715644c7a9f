import { createServer as createTlsServer } from 'node:https'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBlobStore, type StoreOptions } from '../../../src/adapters/oci/reference.ts'
import { createAddressPolicy } from '../../../src/adapters/oci/registry-address.ts'
import type { Patience } from '../../../src/adapters/oci/registry-patience.ts'
import type { BlobStore } from '../../../src/ports/blob-store.ts'
import { artifactOf, blobOf, noise, publish, readWhole, textBlob } from '../../support/artifacts.ts'
import { type HttpFault, type RunningHttpFaultProxy, startHttpFaultProxy } from '../../support/http-fault-proxy.ts'
import { close, listen } from '../../support/listening.ts'
import { type RunningRegistry, startRegistry } from '../../support/registry.ts'
import { createSelfSigned } from '../../support/self-signed-certificate.ts'
import { basicAuth, credentials } from '../../support/stores.ts'

const patience: Patience = { attempts: 3, firstPauseMs: 5, longestPauseMs: 100, silenceMs: 5_000 }
const solution = 'application/vnd.ringway.solution.v1'
const lie = `sha256:${'0'.repeat(64)}`

let registry: RunningRegistry
let guarded: RunningRegistry
let proxy: RunningHttpFaultProxy
let guardedProxy: RunningHttpFaultProxy
let elsewhere: RunningHttpFaultProxy

beforeAll(async () => {
  registry = await startRegistry()
  guarded = await startRegistry(basicAuth)
  proxy = await startHttpFaultProxy(registry.port)
  guardedProxy = await startHttpFaultProxy(guarded.port)
  // Another origin with the same content, as the storage behind a registry is.
  elsewhere = await startHttpFaultProxy(registry.port)
})
afterAll(async () => {
  for (const running of [proxy, guardedProxy, elsewhere, registry, guarded]) await running[Symbol.asyncDispose]()
})

let count = 0
function fresh(through: { readonly host: string }, options: Partial<StoreOptions> = {}) {
  count += 1
  const name = `trust/r${count}`
  const store = (host: string): BlobStore => openBlobStore({ patience, ...options, location: `oci://${host}/${name}` })
  const layer = blobOf(noise(100_000, `layer ${count}`))
  const artifact = artifactOf({ layer, artifactType: solution })
  return { name, artifact, layer, store: store(through.host), direct: store(registry.host) }
}

describe('[A1] a registry that lies', () => {
  it('gives wrong bytes for a blob (D70)', async () => {
    const { store, direct, artifact, layer } = fresh(proxy)
    await publish(direct, artifact, 'v1')
    proxy.inject({ method: 'GET', path: new RegExp(layer.digest), fault: { kind: 'alter', corruptByte: 50_000 } })
    await expect(readWhole(store.readBlob(layer))).rejects.toMatchObject({
      code: 'digest_mismatch',
      kind: 'failed',
      message: expect.stringContaining(layer.digest),
    })
  })

  it('gives wrong bytes for a manifest (D70)', async () => {
    const { store, direct, artifact } = fresh(proxy)
    await publish(direct, artifact, 'v1')
    const { digest } = artifact.manifest
    proxy.inject({ method: 'GET', path: new RegExp(`manifests/${digest}`), fault: { kind: 'alter', corruptByte: 30 } })
    await expect(store.readManifest(digest)).rejects.toMatchObject({ code: 'digest_mismatch' })
  })

  it('gives another Docker-Content-Digest for a manifest than its bytes have (D71)', async () => {
    const { name, store, direct, artifact } = fresh(proxy)
    await publish(direct, artifact, 'v1')
    for (const reference of ['v1', artifact.manifest.digest]) {
      const fault: HttpFault = { kind: 'alter', headers: { 'docker-content-digest': lie } }
      proxy.inject({ method: 'GET', path: new RegExp(`${name}/manifests/${reference}`), fault })
      await expect(store.readManifest(reference)).rejects.toMatchObject({ code: 'digest_mismatch' })
    }
  })

  it.each([
    { why: 'a blob that it takes', method: 'PUT', path: 'blobs/uploads/.*digest=' },
    { why: 'a blob that is looked for afterwards', method: 'HEAD', path: 'blobs/sha256', skip: 1 },
    { why: 'a manifest that it takes', method: 'PUT', path: 'manifests/sha256' },
    { why: 'a manifest that is looked for afterwards', method: 'HEAD', path: 'manifests/sha256' },
  ])('names another digest for $why (D71): no tag is written', async ({ method, path, skip }) => {
    const { name, store, direct, artifact } = fresh(proxy)
    const where = new RegExp(`${name}/${path}`)
    if (skip !== undefined) proxy.inject({ method, path: where, fault: { kind: 'alter' } })
    proxy.inject({ method, path: where, fault: { kind: 'alter', headers: { 'docker-content-digest': lie } } })
    await expect(publish(store, artifact, 'v1')).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect(await direct.readManifest('v1')).toBeUndefined()
  })

  it('takes a blob and does not have it', async () => {
    const { name, store, direct, artifact } = fresh(proxy)
    const path = new RegExp(`${name}/blobs/sha256`)
    proxy.inject({ method: 'HEAD', path, fault: { kind: 'answer', status: 404 }, times: 50 })
    await expect(publish(store, artifact, 'v1')).rejects.toMatchObject({ code: 'store_unreachable' })
    expect(await direct.readManifest('v1')).toBeUndefined()
  })

  it('moves a tag: the recorded digest still names what was recorded (D72)', async () => {
    const { store, artifact } = fresh(proxy)
    await publish(store, artifact, 'v1')
    const other = artifactOf({ layer: textBlob('another', 'text/plain'), artifactType: solution })
    await publish(store, other, 'v1')
    expect((await store.readManifest(artifact.manifest.digest))?.digest).toBe(artifact.manifest.digest)
  })

  it.each([
    { why: 'announced', headers: { 'content-length': String(4 * 1024 * 1024 + 1) } },
    { why: 'not announced', headers: { 'transfer-encoding': 'chunked' } },
  ])('gives a manifest of more than 4 MiB, $why', async ({ headers }) => {
    const { name, store } = fresh(proxy)
    const fault: HttpFault = { kind: 'answer', status: 200, headers, body: ' '.repeat(4 * 1024 * 1024 + 1) }
    proxy.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault })
    await expect(store.readManifest('v1')).rejects.toMatchObject({
      code: 'artifact_refused',
      facts: { rule: 'manifest_size' },
    })
  })

  it('announces another media type than the manifest has: the manifest counts', async () => {
    const { name, store, direct, artifact } = fresh(proxy)
    await publish(direct, artifact, 'v1')
    const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' }
    proxy.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault: { kind: 'alter', headers } })
    expect((await store.readManifest('v1'))?.mediaType).toBe('application/vnd.oci.image.manifest.v1+json')
  })

  it('is a web page', async () => {
    const { name, store } = fresh(proxy)
    const page: HttpFault = { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }
    proxy.inject({ method: 'GET', path: new RegExp(`${name}/manifests`), fault: page })
    await expect(store.readManifest('v1')).rejects.toMatchObject({ code: 'artifact_refused' })
  })
})

describe('a registry that sends readers on', () => {
  const sendOn = (
    from: RunningHttpFaultProxy,
    to: { readonly digest: string; readonly location: string; readonly times?: number },
  ) => {
    const fault: HttpFault = { kind: 'answer', status: 307, headers: { location: to.location } }
    from.inject({ method: 'GET', path: new RegExp(to.digest), fault, times: to.times ?? 1 })
  }

  it('to its storage: the blob comes from there, and our credentials do not go there (D75)', async () => {
    const { name, artifact, layer, store, direct } = fresh(guardedProxy, { credentials })
    await publish(store, artifact, 'v1')
    await publish(direct, artifact)
    const location = `http://${elsewhere.host}/v2/${name}/blobs/${layer.digest}?signature=abc`
    sendOn(guardedProxy, { digest: layer.digest, location })
    expect(Buffer.compare(await readWhole(store.readBlob(layer)), layer.bytes)).toBe(0)
    const asked = elsewhere.seen.find(({ path }) => path.includes('signature=abc'))
    expect(asked?.status).toBe(200)
    expect(asked?.headers['authorization']).toBeUndefined()
    const own = guardedProxy.seen.findLast(({ path }) => path.includes(layer.digest))
    expect(own?.headers['authorization']).toMatch(/^Basic /)
  })

  it('to storage that gives other bytes: they are refused', async () => {
    const { artifact, layer, store } = fresh(proxy)
    await publish(store, artifact, 'v1')
    const location = `http://${elsewhere.host}/v2/any/blobs/${layer.digest}`
    sendOn(proxy, { digest: layer.digest, location })
    const fault: HttpFault = { kind: 'answer', status: 200, body: 'x'.repeat(layer.size) }
    elsewhere.inject({ method: 'GET', path: new RegExp(layer.digest), fault })
    await expect(readWhole(store.readBlob(layer))).rejects.toMatchObject({ code: 'digest_mismatch' })
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://0xa9.0xfe.0xa9.0xfe/',
    'http://2852039166/',
    'http://[fe80::1]/',
    'http://metadata.google.internal./computeMetadata/v1/',
    'https://[fd00:ec2::254]/',
  ])('to %s: it is not asked (D75)', async location => {
    const { artifact, layer, store } = fresh(proxy)
    await publish(store, artifact, 'v1')
    sendOn(proxy, { digest: layer.digest, location })
    await expect(readWhole(store.readBlob(layer))).rejects.toMatchObject({
      code: 'store_denied',
      message: expect.stringContaining('metadata service'),
    })
  })

  it.each(['file:///etc/passwd', 'gopher://127.0.0.1/', 'ftp://127.0.0.1/'])(
    'to %s: it is not asked',
    async location => {
      const { artifact, layer, store } = fresh(proxy)
      await publish(store, artifact, 'v1')
      sendOn(proxy, { digest: layer.digest, location })
      await expect(readWhole(store.readBlob(layer))).rejects.toMatchObject({ code: 'store_denied' })
    },
  )

  it('in a circle: it ends', async () => {
    const { name, artifact, layer, store } = fresh(proxy)
    await publish(store, artifact, 'v1')
    sendOn(proxy, { digest: layer.digest, location: `/v2/${name}/blobs/${layer.digest}`, times: 100 })
    await expect(readWhole(store.readBlob(layer))).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining('more than 5 times'),
    })
  })

  it('while they upload: neither blob nor credentials go anywhere else', async () => {
    const { name, layer, store } = fresh(guardedProxy, { credentials })
    const headers = { location: `http://${elsewhere.host}/v2/${name}/blobs/uploads/elsewhere` }
    guardedProxy.inject({
      method: 'PUT',
      path: new RegExp(`${name}/blobs/uploads`),
      fault: { kind: 'answer', status: 307, headers },
    })
    await expect(store.writeBlob(layer, layer.open)).rejects.toMatchObject({ code: 'store_unreachable' })
    expect(elsewhere.seen.filter(({ path }) => path.includes(name))).toEqual([])
  })

  it('with the place to upload to: the blob goes there, our credentials do not', async () => {
    const { name, layer, store } = fresh(guardedProxy, { credentials })
    const headers = { location: `http://${elsewhere.host}/v2/${name}/blobs/uploads/elsewhere` }
    guardedProxy.inject({
      method: 'POST',
      path: new RegExp(`${name}/blobs/uploads`),
      fault: { kind: 'alter', headers },
      times: 9,
    })
    await expect(store.writeBlob(layer, layer.open)).rejects.toMatchObject({ code: 'store_unreachable' })
    const asked = elsewhere.seen.filter(({ path }) => path.includes(name))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.every(({ headers: sent }) => sent['authorization'] === undefined)).toBe(true)
  })
})

describe('a registry on the internet', () => {
  const policy = createAddressPolicy(new URL('https://140.82.112.34'))

  it.each([
    'https://127.0.0.1/',
    'https://localhost/',
    'https://localhost./',
    'https://x.localhost/',
    'https://10.0.0.1/',
    'https://192.168.1.1:8443/',
    'https://172.16.0.1/',
    'https://100.64.0.1/',
    'https://[::1]/',
    'https://[fd12::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://0.0.0.0/',
    'https://169.254.169.254/',
    'http://140.82.112.34/',
  ])('may not send us to %s (D75)', async url => {
    await expect(policy.admit(new URL(url), 'GET registry')).rejects.toMatchObject({
      details: { code: 'store_denied' },
    })
  })

  it('may send us to public addresses', async () => {
    await expect(policy.admit(new URL('https://185.199.108.154/blob'), 'GET registry')).resolves.toBeTypeOf('function')
  })

  it('may not send us to a name that leads to this machine', async () => {
    const lookup = await policy.admit(new URL('https://some-name.example/'), 'GET registry')
    // `localhost` stands for any name of the internet that its owner points to 127.0.0.1.
    const refused = await new Promise(resolve => {
      lookup('localhost', {}, error => resolve(error))
    })
    expect(refused).toMatchObject({ details: { code: 'store_denied' } })
  })
})

describe('credentials', () => {
  it('that are wrong are named', async () => {
    const { store } = fresh(guarded, { credentials: { ...credentials, password: 'battery staple' } })
    await expect(store.readManifest('v1')).rejects.toMatchObject({
      code: 'store_denied',
      kind: 'failed',
      remedy: expect.stringContaining('packages: read'),
    })
  })

  it('that are missing are named', async () => {
    const { store, layer } = fresh(guarded)
    await expect(store.writeBlob(layer, layer.open)).rejects.toMatchObject({ code: 'store_denied' })
  })

  it('that may not push are told what they lack, and are tried once', async () => {
    const { name, store, layer } = fresh(proxy)
    const body = '{"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]}'
    const path = new RegExp(`${name}/blobs/uploads`)
    proxy.inject({ method: 'POST', path, fault: { kind: 'answer', status: 403, body }, times: 9 })
    await expect(store.writeBlob(layer, layer.open)).rejects.toMatchObject({
      code: 'store_denied',
      message: expect.stringContaining('permission_denied: write_package'),
      remedy: expect.stringContaining('packages: write'),
    })
    expect(proxy.seen.filter(({ path: asked }) => path.test(asked))).toHaveLength(1)
  })

  it('never stand in an error', async () => {
    const { name, store } = fresh(guardedProxy, { credentials })
    const fault: HttpFault = { kind: 'answer', status: 500, body: 'oops' }
    guardedProxy.inject({ method: 'GET', path: new RegExp(name), fault, times: 9 })
    const error: unknown = await store.readManifest('v1').catch(caught => caught)
    const shown = inspect(error, { depth: 10, showHidden: true })
    expect(shown).toContain('oops')
    expect(shown).not.toContain(credentials.password)
    expect(shown).not.toContain(btoa(`${credentials.username}:${credentials.password}`))
  })
})

describe('a blob that another repository holds', () => {
  it('is mounted and not sent', async () => {
    const { direct, artifact, layer } = fresh(registry)
    await publish(direct, artifact)
    const from = direct.location.split('/').slice(3).join('/')
    const { name, store } = fresh(proxy, { mountFrom: [from] })
    expect(await store.writeBlob(layer, layer.open)).toBe('present')
    expect(await store.hasBlob(layer.digest)).toBe(true)
    const sent = proxy.seen.filter(({ method, path }) => path.includes(name) && ['PUT', 'PATCH'].includes(method))
    expect(sent).toEqual([])
  })

  it('is sent when it is not there after all', async () => {
    const { store, layer } = fresh(proxy, { mountFrom: ['trust/never-was'] })
    expect(await store.writeBlob(layer, layer.open)).toBe('written')
    expect(await store.hasBlob(layer.digest)).toBe(true)
  })
})

describe('encryption', () => {
  it('a certificate that nobody signed is refused at once', async () => {
    const { certificate, privateKey } = createSelfSigned('localhost')
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const server = createTlsServer({ cert: certificate, key }, (_, answer) => answer.writeHead(404).end())
    const port = await listen(server)
    const store = openBlobStore({ location: `oci://localhost:${port}/a/b`, http: false })
    const started = performance.now()
    await expect(store.readManifest('v1')).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringMatching(/certificate/i),
      remedy: expect.stringContaining('certificate'),
    })
    expect(performance.now() - started).toBeLessThan(2_000)
    await close(server)
  })
})
