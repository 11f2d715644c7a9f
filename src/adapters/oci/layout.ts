import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sha256Digest } from '../../domain/units.ts'
import type { BlobStore, Descriptor, StoredManifest } from '../../ports/blob-store.ts'
import { createLayoutBlobs, type LayoutBlobs } from './layout-blobs.ts'
import { hasCode, layoutFailure } from './layout-failure.ts'
import { sweepUnfinished, writeFileAtomically } from './layout-file.ts'
import { changeIndex, findManifest, listManifest, readIndex } from './layout-index.ts'
import { manifestLimit, readManifestDocument } from './manifest-document.ts'
import { referrerDescriptor } from './referrers.ts'
import { blobMissing, digestMismatch, manifestRefused, sourceMismatch } from './store-errors.ts'
import { checkReference } from './tag.ts'
import { digestOf } from './verified-bytes.ts'

/** Source: OCI image specification 1.1, "oci-layout file". */
const marker = { file: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' }

/**
 * A directory in the OCI image layout, made at the first write. Several processes may use it at once, and a crash at any point leaves a
 * valid layout: blobs and `index.json` appear whole, and a manifest is listed only after everything that it names.
 *
 * @param layout.directory - absolute, or relative to the working directory
 */
export function createLayout(layout: { readonly directory: string; readonly location: string }): BlobStore {
  const { directory, location } = layout
  const blobs = createLayoutBlobs(directory, location)
  let prepared: Promise<void> | undefined
  const prepare = (): Promise<void> => {
    prepared ??= prepareLayout(directory).catch(error => {
      prepared = undefined
      throw error
    })
    return prepared
  }
  const guarded = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch(error => {
      throw layoutFailure(location, error)
    })

  return {
    location,
    readManifest: reference =>
      guarded(async () => {
        const entry = findManifest(await readIndex(directory), checkReference(reference))
        return entry === undefined ? undefined : loadManifest({ blobs, location }, entry)
      }),

    writeManifest: (manifest, tag) =>
      guarded(async () => {
        if (tag !== undefined) checkReference(tag)
        const entry = await checkManifest({ blobs, location }, manifest)
        await prepare()
        await blobs.write(entry, () => once(manifest.bytes))
        await changeIndex(directory, manifests => listManifest(manifests, entry, tag))
      }),

    hasBlob: digest => guarded(async () => (await blobs.size(digest)) !== undefined),

    async *readBlob(blob) {
      try {
        yield* blobs.read(blob)
      } catch (error) {
        throw layoutFailure(location, error)
      }
    },

    writeBlob: (blob, open) =>
      guarded(async () => {
        // A file of another size was damaged after it was written; writing it again mends the store.
        if ((await blobs.size(blob.digest)) === blob.size) return 'present'
        await prepare()
        await blobs.write(blob, open)
        return 'written'
      }),

    listReferrers: (subject, artifactType) =>
      guarded(async () => {
        const entries = await readIndex(directory)
        const possible = new Map(
          entries
            .filter(entry => (entry.artifactType ?? artifactType) === artifactType)
            .map(entry => [entry.digest, entry]),
        )
        return findReferrers({ blobs, location }, { subject, artifactType, possible: [...possible.values()] })
      }),
  }
}

interface Held {
  readonly blobs: LayoutBlobs
  readonly location: string
}

async function loadManifest({ blobs, location }: Held, entry: Descriptor): Promise<StoredManifest> {
  const { digest, mediaType } = entry
  const size = await blobs.size(digest)
  if (size === undefined) throw blobMissing(location, digest)
  if (size > manifestLimit) {
    throw manifestRefused({
      location,
      reference: digest,
      rule: 'manifest_size',
      words: `is larger than ${manifestLimit} bytes`,
    })
  }
  const bytes = (await blobs.load(digest)) ?? new Uint8Array()
  const came = digestOf(bytes)
  if (came !== digest) throw digestMismatch({ location, expected: digest, came })
  return { mediaType, digest, bytes }
}

/** A manifest whose bytes are its own and whose blobs are all there, as it stands in the index. */
async function checkManifest({ blobs, location }: Held, manifest: StoredManifest): Promise<Descriptor> {
  const came = digestOf(manifest.bytes)
  if (came !== manifest.digest) throw sourceMismatch({ location, expected: manifest.digest, came })
  const document = readManifestDocument({ location, reference: manifest.digest, bytes: manifest.bytes })
  for (const blob of [...document.blobs, ...document.manifests]) {
    if ((await blobs.size(blob.digest)) !== blob.size) throw blobMissing(location, blob.digest)
  }
  const { annotations: _, ...entry } = referrerDescriptor(manifest, document)
  return entry
}

async function findReferrers(
  held: Held,
  wanted: { readonly subject: Sha256Digest; readonly artifactType: string; readonly possible: readonly Descriptor[] },
): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = []
  for (const entry of wanted.possible) {
    const manifest = await loadManifest(held, entry)
    const document = readManifestDocument({ ...manifest, location: held.location, reference: manifest.digest })
    if (document.subject?.digest !== wanted.subject) continue
    const referrer = referrerDescriptor(manifest, document)
    if (referrer.artifactType === wanted.artifactType) found.push(referrer)
  }
  return found
}

async function prepareLayout(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const version = await readFile(join(directory, marker.file), 'utf8').catch(error => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (version === undefined) await startLayout(directory)
  else if (!/"imageLayoutVersion"\s*:\s*"1\./.test(version)) {
    throw new Error(`its ${marker.file} file says ${version.slice(0, 80)} instead of ${marker.content}`)
  }
  await sweepUnfinished(directory)
}

async function startLayout(directory: string): Promise<void> {
  const foreign = (await readdir(directory)).filter(name => !ownNames.has(name))
  if (foreign.length > 0)
    throw new Error(`it is a directory with other things in it (${foreign.slice(0, 3).join(', ')})`)
  await mkdir(join(directory, 'blobs', 'sha256'), { recursive: true })
  await changeIndex(directory, manifests => [...manifests])
  await writeFileAtomically(directory, join(directory, marker.file), file => file.writeFile(marker.content))
}

/** What a layout holds that another process is starting at this moment. */
const ownNames = new Set(['blobs', 'index.json', 'index.json.lock', 'index.json.lock.break', 'unfinished', marker.file])

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
