import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBlobStore, type StoreOptions } from '../../../src/adapters/oci/reference.ts'
import type { Patience } from '../../../src/adapters/oci/registry-patience.ts'
import { parseChallenge } from '../../../src/adapters/oci/token-challenge.ts'
import { artifactOf, blobOf, noise, publish, readWhole } from '../../support/artifacts.ts'
import { type RunningHttpFaultProxy, startHttpFaultProxy } from '../../support/http-fault-proxy.ts'
import { type RunningRegistry, startRegistry } from '../../support/registry.ts'
import { credentials, user } from '../../support/stores.ts'
import { type RunningTokenServer, startTokenServer } from '../../support/token-server.ts'

const patience: Patience = { attempts: 4, firstPauseMs: 5, longestPauseMs: 100, silenceMs: 5_000 }
const reader = { name: 'reader', password: 'only reads', actions: ['pull'] } as const
const anonymous = { name: '', password: '', actions: ['pull'] } as const

let tokens: RunningTokenServer
let registry: RunningRegistry
let proxy: RunningHttpFaultProxy

beforeAll(async () => {
  tokens = await startTokenServer([user, reader, anonymous])
  registry = await startRegistry({ kind: 'token', ...tokens })
  proxy = await startHttpFaultProxy(registry.port)
})
afterAll(async () => {
  for (const running of [proxy, registry, tokens]) await running[Symbol.asyncDispose]()
})

let count = 0
function fresh() {
  count += 1
  const name = `tokens/r${count}`
  const layer = blobOf(noise(6_000_000, `layer ${count}`))
  const artifact = artifactOf({ layer, artifactType: 'application/vnd.ringway.solution.v1' })
  const open = (options: Partial<StoreOptions> = { credentials }) =>
    openBlobStore({ patience, ...options, location: `oci://${proxy.host}/${name}` })
  const asked = () => tokens.requests.filter(({ scopes }) => scopes.some(scope => scope.includes(`${name}:`)))
  return { name, artifact, layer, open, asked }
}

describe('tokens', () => {
  it('are asked for once for reading and once for writing, however much is done at once', async () => {
    const { name, open, asked } = fresh()
    const store = open()
    const blobs = [1, 2, 3, 4, 5, 6, 7, 8].map(number => blobOf(noise(10_000, `parallel ${number}`)))
    await Promise.all(blobs.map(blob => store.writeBlob(blob, blob.open)))
    const read = await Promise.all(blobs.map(blob => readWhole(store.readBlob(blob))))
    expect(read.map((bytes, at) => Buffer.compare(bytes, blobs[at]?.bytes ?? Buffer.alloc(0)))).toEqual(
      blobs.map(() => 0),
    )
    const scopesOf = asked().map(({ scopes }) => scopes.join(' '))
    expect(scopesOf.toSorted()).toEqual([`repository:${name}:pull`, `repository:${name}:pull,push`])
  })

  it('are renewed when the registry takes one no more, even in the middle of an upload', async () => {
    const { name, artifact, open } = fresh()
    const challenge = `Bearer realm="${tokens.realm}",service="test-registry",scope="repository:${name}:pull,push",error="invalid_token"`
    const fault = { kind: 'answer', status: 401, headers: { 'www-authenticate': challenge } } as const
    for (const method of ['POST', 'PATCH', 'PUT', 'HEAD']) proxy.inject({ method, path: new RegExp(name), fault })
    await publish(open(), artifact, 'v1')
    expect((await open().readManifest('v1'))?.digest).toBe(artifact.manifest.digest)
  })

  it('are renewed before they end', async () => {
    const { open, asked, layer } = fresh()
    const store = open()
    // What is left of one second is not worth beginning a request with.
    tokens.tokens.announcedSeconds = 1
    try {
      expect(await store.hasBlob(layer.digest)).toBe(false)
      expect(await store.hasBlob(layer.digest)).toBe(false)
    } finally {
      tokens.tokens.announcedSeconds = undefined
    }
    expect(asked()).toHaveLength(2)
    expect(await store.hasBlob(layer.digest)).toBe(false)
    expect(await store.hasBlob(layer.digest)).toBe(false)
    expect(asked()).toHaveLength(3)
  })

  it('are asked for again when their server fails', async () => {
    const { artifact, open } = fresh()
    tokens.failures.push(503, 500)
    await publish(open(), artifact, 'v1')
    expect((await open().readManifest('v1'))?.digest).toBe(artifact.manifest.digest)
  })

  it('that nobody gives make the store unreachable', async () => {
    const { open } = fresh()
    tokens.failures.push(503, 503, 503, 503)
    await expect(open().readManifest('v1')).rejects.toMatchObject({ code: 'store_unreachable', kind: 'errored' })
    expect(tokens.failures).toEqual([])
  })

  it('are refused to a wrong password, once', async () => {
    const { open, asked } = fresh()
    const store = open({ credentials: { ...credentials, password: 'battery staple' } })
    await expect(store.readManifest('v1')).rejects.toMatchObject({
      code: 'store_denied',
      message: expect.stringContaining('who are you?'),
    })
    expect(asked()).toHaveLength(1)
  })

  it('for reading only do not write, and the error says what is missing', async () => {
    const { artifact, open } = fresh()
    await publish(open(), artifact, 'v1')
    const store = open({ credentials: { username: reader.name, password: reader.password } })
    expect((await store.readManifest('v1'))?.digest).toBe(artifact.manifest.digest)
    const more = blobOf(noise(1_000, 'may not'))
    await expect(store.writeBlob(more, more.open)).rejects.toMatchObject({
      code: 'store_denied',
      remedy: expect.stringContaining('packages: write'),
    })
  })

  it('let everybody read what is public, without a login', async () => {
    const { artifact, layer, open } = fresh()
    await publish(open(), artifact, 'v1')
    const store = openBlobStore({ location: open().location, patience })
    expect((await store.readManifest('v1'))?.digest).toBe(artifact.manifest.digest)
    expect(Buffer.compare(await readWhole(store.readBlob(layer)), layer.bytes)).toBe(0)
  })

  it.each([
    { realm: 'http://169.254.169.254/token', code: 'store_denied' },
    { realm: 'file:///etc/passwd', code: 'store_denied' },
    { realm: 'nonsense', code: 'store_unreachable' },
  ])('are not asked for at $realm, which a registry may name', async ({ realm, code }) => {
    const { name, open } = fresh()
    const headers = { 'www-authenticate': `Bearer realm="${realm}",service="test-registry"` }
    proxy.inject({ method: 'GET', path: new RegExp(name), fault: { kind: 'answer', status: 401, headers }, times: 9 })
    await expect(open().readManifest('v1')).rejects.toMatchObject({ code })
  })

  it('of a server that sends us on are not taken: the credentials are for that server', async () => {
    const { open } = fresh()
    tokens.failures.push(307)
    await expect(open().readManifest('v1')).rejects.toMatchObject({ code: 'store_unreachable' })
  })

  it('are asked for two repositories where a blob is mounted', async () => {
    const source = fresh()
    await publish(source.open(), source.artifact)
    const target = fresh()
    const store = target.open({ credentials, mountFrom: [source.name] })
    expect(await store.writeBlob(source.layer, source.layer.open)).toBe('present')
    expect(target.asked().at(-1)?.scopes).toEqual(
      expect.arrayContaining([`repository:${target.name}:pull,push`, `repository:${source.name}:pull`]),
    )
  })
})

describe('a challenge', () => {
  it.each([
    { header: undefined, challenge: undefined },
    { header: '', challenge: undefined },
    { header: 'Negotiate', challenge: undefined },
    { header: 'Bearer service="x"', challenge: undefined },
    { header: 'Basic realm="a, b"', challenge: { scheme: 'basic' } },
    { header: 'basic', challenge: { scheme: 'basic' } },
    {
      header: 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:acme/shop:pull"',
      challenge: {
        scheme: 'bearer',
        realm: 'https://ghcr.io/token',
        service: 'ghcr.io',
        scope: 'repository:acme/shop:pull',
      },
    },
    {
      header: 'Basic realm="x", Bearer realm="https://a/t?b=c" , service=plain',
      challenge: { scheme: 'bearer', realm: 'https://a/t?b=c', service: 'plain', scope: undefined },
    },
    {
      header: String.raw`BEARER Realm = "https://a/\"t\"", Scope="repository:x:pull,push repository:y:pull"`,
      challenge: {
        scheme: 'bearer',
        realm: 'https://a/"t"',
        service: undefined,
        scope: 'repository:x:pull,push repository:y:pull',
      },
    },
  ])('$header', ({ header, challenge }) => {
    expect(parseChallenge(header)).toEqual(challenge)
  })
})
