import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/ports/blob-store.ts'
import { artifactOf, blobOf, chunksOf, noise, publish, readWhole, textBlob } from '../support/artifacts.ts'
import { type StorePlace, storePlaces } from '../support/stores.ts'

const solution = 'application/vnd.ringway.solution.v1'
const statement = 'application/vnd.in-toto+json'

describe.each(Object.entries(storePlaces))('BlobStore on %s', (_, start) => {
  let place: StorePlace
  let opened = 0
  /** A store of its own for each test; further names for the same one come from `place.open`. */
  const freshName = (): string => `store-${(opened += 1)}`
  const fresh = (): BlobStore => place.open(freshName())

  beforeAll(async () => {
    place = await start()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  it.each([
    { size: 0, why: 'an empty one' },
    { size: 1, why: 'one byte' },
    { size: 200_000, why: 'one request' },
    { size: 9_000_001, why: 'an upload in parts' },
  ])('[M9] gives back a blob of $size bytes as it was written: $why', async ({ size }) => {
    const store = fresh()
    const blob = blobOf(noise(size, 'round trip'))
    expect(await store.hasBlob(blob.digest)).toBe(false)
    expect(await store.writeBlob(blob, blob.open)).toBe('written')
    expect(await store.hasBlob(blob.digest)).toBe(true)
    expect(Buffer.compare(await readWhole(store.readBlob(blob)), blob.bytes)).toBe(0)
  })

  it('[M9] does not read the source of a blob that it holds already', async () => {
    const store = fresh()
    const blob = textBlob('once', 'text/plain')
    await store.writeBlob(blob, blob.open)
    const unread = () => {
      throw new Error('The source was opened.')
    }
    expect(await store.writeBlob(blob, unread)).toBe('present')
  })

  it('takes the same blob from several writers at once', async () => {
    const name = freshName()
    const blob = blobOf(noise(300_000, 'several'))
    const written = await Promise.all([1, 2, 3, 4].map(() => place.open(name).writeBlob(blob, blob.open)))
    expect(written).toContain('written')
    expect(Buffer.compare(await readWhole(place.open(name).readBlob(blob)), blob.bytes)).toBe(0)
  })

  it('says which blob it does not hold', async () => {
    const store = fresh()
    const absent = textBlob('never written', 'text/plain')
    await expect(readWhole(store.readBlob(absent))).rejects.toMatchObject({
      code: 'artifact_not_found',
      message: expect.stringContaining(absent.digest),
    })
  })

  it.each([
    { came: 'other bytes', bytes: (good: Uint8Array) => noise(good.byteLength, 'other') },
    { came: 'fewer bytes', bytes: (good: Uint8Array) => good.subarray(1) },
    { came: 'more bytes', bytes: (good: Uint8Array) => Buffer.concat([good, Buffer.from('!')]) },
    { came: 'more chunks', bytes: (good: Uint8Array) => Buffer.concat([good, noise(500_000, 'more')]) },
  ])('[A1] refuses a blob whose source gives $came, and does not hold it afterwards', async ({ bytes }) => {
    const store = fresh()
    for (const size of [1_000, 5_000_000]) {
      const blob = blobOf(noise(size, 'as announced'))
      const source = () => chunksOf(bytes(blob.bytes))
      await expect(store.writeBlob(blob, source)).rejects.toMatchObject({ code: 'digest_mismatch', kind: 'failed' })
      expect(await store.hasBlob(blob.digest)).toBe(false)
    }
  })

  it('passes on what a source throws', async () => {
    const store = fresh()
    const blob = blobOf(noise(5_000_000, 'broken source'))
    const source = async function* () {
      yield blob.bytes.subarray(0, 1_000_000)
      throw new RangeError('The file is gone.')
    }
    await expect(store.writeBlob(blob, source)).rejects.toMatchObject({
      message: expect.stringContaining('The file is gone.'),
    })
    expect(await store.hasBlob(blob.digest)).toBe(false)
  })

  it.each([
    { announced: 'fewer', by: -1 },
    { announced: 'more', by: 1 },
  ])('[A1] refuses a blob that has other than the $announced bytes it was announced with', async ({ by }) => {
    const store = fresh()
    const blob = textBlob('exactly so long', 'text/plain')
    await store.writeBlob(blob, blob.open)
    const reading = readWhole(store.readBlob({ ...blob, size: blob.size + by }))
    await expect(reading).rejects.toMatchObject({ code: 'digest_mismatch' })
  })

  it('can be left in the middle of a blob', async () => {
    const store = fresh()
    const blob = blobOf(noise(9_000_001, 'left early'))
    await store.writeBlob(blob, blob.open)
    for (let round = 0; round < 20; round += 1) {
      for await (const chunk of store.readBlob(blob)) {
        expect(chunk.byteLength).toBeGreaterThan(0)
        break
      }
    }
    expect(await store.hasBlob(blob.digest)).toBe(true)
  })

  it('[M9] finds a manifest by its digest and by its tag, byte for byte', async () => {
    const store = fresh()
    const artifact = artifactOf({ layer: textBlob('v1', 'text/plain'), artifactType: solution })
    expect(await store.readManifest(artifact.manifest.digest)).toBeUndefined()
    expect(await store.readManifest('v1')).toBeUndefined()
    await publish(store, artifact, 'v1')
    const expected = { ...artifact.manifest, bytes: Buffer.from(artifact.manifest.bytes) }
    for (const reference of ['v1', artifact.manifest.digest]) {
      const found = await store.readManifest(reference)
      expect({ ...found, bytes: Buffer.from(found?.bytes ?? '') }).toEqual(expected)
    }
  })

  it('[M9] moves a tag and keeps what it pointed to', async () => {
    const store = fresh()
    const one = artifactOf({ layer: textBlob('one', 'text/plain'), artifactType: solution })
    const two = artifactOf({ layer: textBlob('two', 'text/plain'), artifactType: solution })
    await publish(store, one, 'content')
    await publish(store, one, 'v1')
    await publish(store, two, 'content')
    expect((await store.readManifest('content'))?.digest).toBe(two.manifest.digest)
    expect((await store.readManifest('v1'))?.digest).toBe(one.manifest.digest)
    expect((await store.readManifest(one.manifest.digest))?.digest).toBe(one.manifest.digest)
    await publish(store, two, 'v1')
    expect((await store.readManifest(one.manifest.digest))?.digest).toBe(one.manifest.digest)
  })

  it('[A1] refuses a manifest that is not what its digest names', async () => {
    const store = fresh()
    const { manifest, blobs } = artifactOf({ layer: textBlob('real', 'text/plain'), artifactType: solution })
    for (const blob of blobs) await store.writeBlob(blob, blob.open)
    const changed = { ...manifest, bytes: Buffer.concat([manifest.bytes, Buffer.from(' ')]) }
    await expect(store.writeManifest(changed, 'v1')).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect(await store.readManifest('v1')).toBeUndefined()
  })

  it('refuses a manifest that is none', async () => {
    const { bytes, digest } = textBlob('no JSON', 'text/plain')
    const writing = fresh().writeManifest({ bytes, digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' })
    await expect(writing).rejects.toMatchObject({ code: 'artifact_refused', facts: { rule: 'manifest_format' } })
  })

  it('[A1] refuses a manifest that names a blob which is not there (D74)', async () => {
    const store = fresh()
    const artifact = artifactOf({ layer: textBlob('missing', 'text/plain'), artifactType: solution })
    const [config] = artifact.blobs
    if (config !== undefined) await store.writeBlob(config, config.open)
    await expect(store.writeManifest(artifact.manifest, 'v1')).rejects.toMatchObject({ code: 'artifact_not_found' })
    expect(await store.readManifest('v1')).toBeUndefined()
    expect(await store.readManifest(artifact.manifest.digest)).toBeUndefined()
  })

  it.each(['', '../v1', 'a/b', 'v1?x=y', 'sha256:abc', 'x'.repeat(129), 'v1\n'])(
    'refuses %j as a reference',
    async reference => {
      await expect(fresh().readManifest(reference)).rejects.toMatchObject({ code: 'input_invalid' })
    },
  )

  it('lists the referrers of a manifest by their type, each once', async () => {
    const store = fresh()
    const subject = artifactOf({ layer: textBlob('subject', 'text/plain'), artifactType: solution })
    await publish(store, subject, 'v1')
    expect(await store.listReferrers(subject.manifest.digest, statement)).toEqual([])
    const refer = (text: string, artifactType: string) =>
      artifactOf({ layer: textBlob(text, 'text/plain'), artifactType, subject: subject.descriptor })
    const statements = [1, 2, 3, 4, 5].map(number => refer(`statement ${number}`, statement))
    for (const referrer of [...statements, refer('a signature', 'application/vnd.other'), ...statements.slice(0, 2)]) {
      await publish(store, referrer)
    }
    const listed = await store.listReferrers(subject.manifest.digest, statement)
    expect(listed.map(({ digest }) => digest).toSorted()).toEqual(
      statements.map(({ manifest }) => manifest.digest).toSorted(),
    )
    expect(listed[0]).toMatchObject({ artifactType: statement, mediaType: subject.manifest.mediaType })
    expect(await store.listReferrers(subject.manifest.digest, 'application/vnd.none')).toEqual([])
  })

  it('loses no referrer when several writers add one at once', async () => {
    const name = freshName()
    const subject = artifactOf({ layer: textBlob('shared subject', 'text/plain'), artifactType: solution })
    await publish(place.open(name), subject)
    const referrers = [1, 2, 3, 4, 5, 6].map(number =>
      artifactOf({
        layer: textBlob(`by ${number}`, 'text/plain'),
        artifactType: statement,
        subject: subject.descriptor,
      }),
    )
    await Promise.all(referrers.map(referrer => publish(place.open(name), referrer)))
    const listed = await place.open(name).listReferrers(subject.manifest.digest, statement)
    expect(listed.map(({ digest }) => digest).toSorted()).toEqual(
      referrers.map(({ manifest }) => manifest.digest).toSorted(),
    )
  })
})
