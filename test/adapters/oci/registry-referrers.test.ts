import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import type { Descriptor } from '../../../src/ports/blob-store.ts'
import { artifactOf, publish, type TestArtifact, textBlob } from '../../support/artifacts.ts'
import { type RunningHttpFaultProxy, startHttpFaultProxy } from '../../support/http-fault-proxy.ts'
import { type RunningRegistry, startRegistry } from '../../support/registry.ts'

const statement = 'application/vnd.in-toto+json'
const indexType = 'application/vnd.oci.image.index.v1+json'

let registry: RunningRegistry
let proxy: RunningHttpFaultProxy

beforeAll(async () => {
  registry = await startRegistry()
  proxy = await startHttpFaultProxy(registry.port)
})
afterAll(async () => {
  for (const running of [proxy, registry]) await running[Symbol.asyncDispose]()
})

const subject = artifactOf({
  layer: textBlob('subject', 'text/plain'),
  artifactType: 'application/vnd.ringway.solution.v1',
})
const fallbackTag = subject.manifest.digest.replace(':', '-')
const referrer = (text: string): TestArtifact =>
  artifactOf({ layer: textBlob(text, 'text/plain'), artifactType: statement, subject: subject.descriptor })

const open = (name: string, host = registry.host) => openBlobStore({ location: `oci://${host}/referrers/${name}` })

/** What other tools read, which know the fallback tag and nothing of ours. */
async function listUnderFallbackTag(name: string): Promise<readonly Descriptor[]> {
  const answer = await fetch(`http://${registry.host}/v2/referrers/${name}/manifests/${fallbackTag}`, {
    headers: { accept: indexType },
  })
  expect(answer.headers.get('content-type')).toBe(indexType)
  const { manifests }: { readonly manifests: readonly Descriptor[] } = JSON.parse(await answer.text())
  return manifests
}

/** Another writer, who had read the list before anybody wrote to it. */
async function overwriteList(name: string, manifests: readonly Descriptor[]): Promise<void> {
  const answer = await fetch(`http://${registry.host}/v2/referrers/${name}/manifests/${fallbackTag}`, {
    method: 'PUT',
    headers: { 'content-type': indexType },
    body: JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }),
  })
  expect(answer.status).toBe(201)
}

const digests = (found: readonly (Descriptor | TestArtifact)[]): readonly string[] =>
  found.map(one => ('digest' in one ? one.digest : one.manifest.digest)).toSorted()

it('are listed under the fallback tag as the specification says', async () => {
  const store = open('listed')
  const [one, two] = [referrer('one'), referrer('two')]
  for (const artifact of [subject, one, two, one]) await publish(store, artifact)
  expect(await listUnderFallbackTag('listed')).toEqual(
    [one, two].map(({ descriptor }) => ({ ...descriptor, artifactType: statement })),
  )
})

it('are found although another writer overwrote the list, and the next writer mends it', async () => {
  const store = open('overwritten')
  const [one, two, three] = [referrer('one'), referrer('two'), referrer('three')]
  for (const artifact of [subject, one, two]) await publish(store, artifact)
  await overwriteList('overwritten', [])
  expect(digests(await store.listReferrers(subject.manifest.digest, statement))).toEqual(digests([one, two]))
  await publish(store, three)
  expect(digests(await listUnderFallbackTag('overwritten'))).toEqual(digests([one, two, three]))
})

it('are written again when the list is overwritten while they are written', async () => {
  const mine = referrer('mine')
  await publish(open('raced'), subject)
  await overwriteList('raced', [])
  // The registry says that it took the list, and another writer's comes after it.
  const fault = { kind: 'answer', status: 201 } as const
  proxy.inject({ method: 'PUT', path: new RegExp(`raced/manifests/${fallbackTag}$`), fault })
  await publish(open('raced', proxy.host), mine)
  expect(digests(await listUnderFallbackTag('raced'))).toEqual(digests([mine]))
})

it('are found by the list alone where a registry lists no tags', async () => {
  const path = /untagged\/tags\/list/
  proxy.inject({ method: 'GET', path, fault: { kind: 'answer', status: 403 }, times: 100 })
  const store = open('untagged', proxy.host)
  const [one, two] = [referrer('one'), referrer('two')]
  for (const artifact of [subject, one, two]) await publish(store, artifact)
  expect(digests(await store.listReferrers(subject.manifest.digest, statement))).toEqual(digests([one, two]))
  expect(digests(await listUnderFallbackTag('untagged'))).toEqual(digests([one, two]))
})

it('of a repository that does not exist are none', async () => {
  expect(await open('nothing').listReferrers(subject.manifest.digest, statement)).toEqual([])
})
