import type { Manifest, ManifestFile, ManifestLayer } from '../../domain/manifest.ts'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Progress, Published, PublishRequest, SourceFile } from '../../ports/artifacts.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { decodeArtifactManifest, encodeArtifactManifest, type StoredLayer } from './artifact-manifest.ts'
import { encodeManifest } from './manifest-blob.ts'
import { packLayer } from './pack-layer.ts'
import { measureLayer, openSpool, type Spool } from './spool.ts'

/** The registry tag under which content is looked up: the same tree is one artifact. */
export function contentTag(content: Sha256Digest): string {
  return `content-${content.slice('sha256:'.length)}`
}

/** Two cores pack two layers at a time; more would only take turns. */
const layersAtOnce = 2

interface LayerPlan {
  readonly component: string | undefined
  readonly files: readonly SourceFile[]
}

/** A layer that was packed, and how it came to be in the store. */
interface PackedLayer {
  readonly layer: ManifestLayer
  readonly stored: StoredLayer
  readonly files: readonly ManifestFile[]
  readonly uploadedBytes: number
}

/** Packs, uploads what the store does not have, and gives back the artifact that is there when the content is known. */
export async function publishArtifact(
  store: BlobStore,
  request: PublishRequest,
  onProgress: (progress: Progress) => void,
): Promise<Published> {
  const known = await readKnownLayers(store, request.baseline)
  const spool = await openSpool()
  try {
    const total = request.files.reduce((sum, file) => sum + file.size, 0)
    let done = 0
    const packed = await inTurn(planLayers(request.files), async plan => {
      const layer = await packAndUpload({ store, spool, directory: request.directory, plan, known })
      done += plan.files.reduce((sum, file) => sum + file.size, 0)
      onProgress({ doing: 'packing', done, total })
      return layer
    })
    return await publishManifests(store, request, packed)
  } finally {
    await spool.close()
  }
}

/** What publishing would make of the files, without compressing or uploading anything. */
export async function measureContent(
  request: PublishRequest,
): Promise<{ readonly content: Sha256Digest; readonly manifest: Manifest }> {
  const measured = await inTurn(planLayers(request.files), async plan => {
    const files: ManifestFile[] = []
    const tar = packLayer({ directory: request.directory, files: plan.files }, file => files.push(file))
    return { layer: { component: plan.component, ...(await measureLayer(tar)) }, files }
  })
  const manifest = completeManifest(request, measured)
  return { content: encodeManifest(manifest).blob.digest, manifest }
}

async function packAndUpload(work: {
  readonly store: BlobStore
  readonly spool: Spool
  readonly directory: string
  readonly plan: LayerPlan
  readonly known: ReadonlyMap<Sha256Digest, StoredLayer>
}): Promise<PackedLayer> {
  const { store, spool, directory, plan, known } = work
  const { component } = plan
  const pack = (files: ManifestFile[]) => packLayer({ directory, files: plan.files }, file => void files.push(file))
  if (known.size > 0) {
    // Hashing costs a fifth of compressing: a layer that the version before has is only read.
    const files: ManifestFile[] = []
    const measured = await measureLayer(pack(files))
    const stored = known.get(measured.digest)
    if (stored !== undefined)
      return { layer: { component, ...measured }, stored: { ...stored, component }, files, uploadedBytes: 0 }
  }
  const files: ManifestFile[] = []
  const spooled = await spool.compress(pack(files))
  const outcome = await store.writeBlob(spooled.blob, spooled.open)
  return {
    layer: { component, ...spooled.uncompressed },
    stored: { blob: spooled.blob, uncompressed: spooled.uncompressed.digest, component },
    files,
    uploadedBytes: outcome === 'written' ? spooled.blob.size : 0,
  }
}

async function publishManifests(
  store: BlobStore,
  request: PublishRequest,
  packed: readonly PackedLayer[],
): Promise<Published> {
  const manifest = completeManifest(request, packed)
  const { blob, bytes } = encodeManifest(manifest)
  const uploadedBytes = packed.reduce((sum, layer) => sum + layer.uploadedBytes, 0)
  const there = await store.readManifest(contentTag(blob.digest))
  if (there !== undefined && decodeArtifactManifest(there, store.location).config.digest === blob.digest) {
    return { artifact: { digest: there.digest, content: blob.digest, manifest }, existed: true, uploadedBytes }
  }
  const wrote = await store.writeBlob(blob, async function* () {
    yield bytes
  })
  const stored = encodeArtifactManifest({
    config: blob,
    layers: packed.map(layer => layer.stored),
    sourceUrl: request.sourceUrl,
  })
  await store.writeManifest(stored, contentTag(blob.digest))
  return {
    artifact: { digest: stored.digest, content: blob.digest, manifest },
    existed: false,
    uploadedBytes: uploadedBytes + (wrote === 'written' ? blob.size : 0) + stored.bytes.byteLength,
  }
}

function completeManifest(
  request: PublishRequest,
  packed: readonly { readonly layer: ManifestLayer; readonly files: readonly ManifestFile[] }[],
): Manifest {
  const files = packed.flatMap(one => one.files).toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const locks = new Set(request.locks)
  return {
    schemaVersion: 1,
    ...request.manifest,
    files,
    layers: packed.map(one => one.layer),
    locks: files.filter(file => locks.has(file.path)).map(({ path, digest }) => ({ path, digest })),
  }
}

/** Shared files first, then the components by name; a component without files of its own has no layer. */
function planLayers(files: readonly SourceFile[]): readonly LayerPlan[] {
  const byComponent = Map.groupBy(files, file => file.component)
  return [...byComponent]
    .map(([component, own]) => ({ component, files: own }))
    .toSorted((a, b) => ((a.component ?? '') < (b.component ?? '') ? -1 : 1))
}

/** The layers of the version before. One that cannot be read only costs the chance to share. */
async function readKnownLayers(
  store: BlobStore,
  baseline: Sha256Digest | undefined,
): Promise<ReadonlyMap<Sha256Digest, StoredLayer>> {
  const stored = baseline === undefined ? undefined : await store.readManifest(baseline)
  if (stored === undefined) return new Map()
  const { layers } = decodeArtifactManifest(stored, store.location)
  return new Map(layers.map(layer => [layer.uncompressed, layer]))
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index]
      if (item !== undefined) results[index] = await work(item)
    }
  }
  const workers = Array.from({ length: Math.min(layersAtOnce, items.length) }, worker)
  // Every worker comes to its end before an error is told: nobody may write into a spool that is gone.
  const ended = await Promise.allSettled(workers)
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return results
}
