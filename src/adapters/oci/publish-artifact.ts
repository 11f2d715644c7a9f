import { layerMediaType, type Manifest, type ManifestFile } from '../../domain/manifest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Artifact, Progress, Published, PublishRequest } from '../../ports/artifacts.ts'
import type { BlobStore, Descriptor } from '../../ports/blob-store.ts'
import { encodeArtifactManifest, type StoredLayer } from './artifact-manifest.ts'
import { artifactLimits, brokenContents, isOverRatio } from './artifact-rules.ts'
import { compressLayer, measureLayer } from './compress-layer.ts'
import { allEnded, type Few, fewAtOnce, untilStopped } from './few-at-once.ts'
import { completeManifest, findEqualLayer, type LayerPlan, type PlannedLayer, planLayers } from './layer-plan.ts'
import { encodeManifest } from './manifest-blob.ts'
import { packLayer } from './pack-layer.ts'
import { createPublishProgress, type PublishProgress } from './publish-progress.ts'
import { readBaseline, type StoredArtifact } from './read-artifact.ts'
import { openSpool, type Spool, type SpooledBytes } from './spool.ts'

/** The registry tag under which content is looked up: the same tree is one artifact. */
export function contentTag(content: Sha256Digest): string {
  return `content-${content.slice('sha256:'.length)}`
}

/** Two cores compress two layers at a time; more would only take turns. */
const packedAtOnce = 2
/** More than are packed at once: a far registry answers slowly, and packing need not wait for it. */
const uploadedAtOnce = 3
/** Each is one short question. */
const lookedUpAtOnce = 16

/** A layer on its way: in the store already, or being uploaded. */
interface PlacedLayer extends PlannedLayer {
  readonly stored: StoredLayer
  /** Ends when the store has it, with the bytes that were sent. */
  readonly uploaded: Promise<number>
}

interface Publication {
  readonly store: BlobStore
  readonly request: PublishRequest
  readonly baseline: StoredArtifact | undefined
  readonly spool: Spool
  readonly uploads: Few
  readonly stop: AbortSignal
  readonly progress: PublishProgress
}

/**
 * Packs, uploads what the store does not have, and gives back the artifact that is there when the content is known. A layer is uploaded
 * while the next ones are packed; one that the baseline has is neither read nor sent.
 *
 * Whoever may write to the store may set the content tag, a pull request's job too. So an artifact that is found there is given back
 * only when it is to the byte the one that would be written.
 */
export async function publishArtifact(
  store: BlobStore,
  request: PublishRequest,
  onProgress: (progress: Progress) => void,
): Promise<Published> {
  checkContents(request)
  const baseline = request.baseline === undefined ? undefined : await readBaseline(store, request.baseline)
  const spool = await openSpool()
  try {
    return await publishThrough({ store, request, baseline, spool }, onProgress)
  } finally {
    await spool[Symbol.asyncDispose]()
  }
}

async function publishThrough(
  parts: Pick<Publication, 'store' | 'request' | 'baseline' | 'spool'>,
  onProgress: (progress: Progress) => void,
): Promise<Published> {
  const { request } = parts
  const plans = planLayers(request.files)
  const stop = new AbortController()
  const lookups = fewAtOnce(lookedUpAtOnce, stop)
  const packing = fewAtOnce(packedAtOnce, stop)
  const uploads = fewAtOnce(uploadedAtOnce, stop)
  const progress = createPublishProgress(plans, onProgress)
  const publication = { ...parts, uploads, stop: stop.signal, progress }
  const place = async (plan: LayerPlan) => {
    const reused = await lookups.start(() => reuseLayer(publication, plan))
    const { uploaded, ...layer } = reused ?? (await packing.start(() => makeLayer(publication, plan)))
    return { ...layer, uploadedBytes: await uploaded }
  }
  // The largest first: begun last, it would be packed alone while the other cores have nothing to do.
  const largestFirst = plans.toSorted((a, b) => b.bytes - a.bytes)
  const placing = new Map(largestFirst.map(plan => [plan, place(plan)]))
  const placed = await allEnded(plans.flatMap(plan => placing.get(plan) ?? []))
  const uploadedBytes = placed.reduce((sum, layer) => sum + layer.uploadedBytes, 0)
  const manifest = completeManifest(request, placed)
  const written = await writeManifests(publication, { manifest, layers: placed.map(layer => layer.stored) })
  return { ...written, uploadedBytes: uploadedBytes + written.uploadedBytes }
}

/** What publishing would make of the files, without compressing or uploading anything. */
export async function measureContent(
  request: PublishRequest,
): Promise<{ readonly content: Sha256Digest; readonly manifest: Manifest }> {
  checkContents(request)
  const layers: PlannedLayer[] = []
  for (const plan of planLayers(request.files)) {
    const files: ManifestFile[] = []
    const tar = packLayer({ directory: request.directory, files: plan.files }, file => files.push(file))
    layers.push({ layer: { component: plan.component, ...(await measureLayer(tar)) }, files })
  }
  const manifest = completeManifest(request, layers)
  return { content: encodeManifest(manifest).blob.digest, manifest }
}

async function makeLayer(publication: Publication, plan: LayerPlan): Promise<PlacedLayer> {
  const { request, spool, progress } = publication
  const { component } = plan
  const files: ManifestFile[] = []
  const tar = packLayer({ directory: request.directory, files: plan.files }, file => files.push(file))
  const spooled = spool.next()
  const { uncompressed, compressed } = await compressLayer(tar, spooled, progress.packed)
  const blob = { mediaType: layerMediaType, ...compressed }
  if (isOverRatio({ uncompressed: uncompressed.size, compressed: blob.size })) throw overRatio(plan)
  const uploaded = uploadLayer(publication, blob, spooled)
  // Looked at later, when the slot for packing is free again.
  uploaded.catch(() => undefined)
  return {
    layer: { component, ...uncompressed },
    stored: { blob, uncompressed: uncompressed.digest, component },
    files,
    uploaded,
  }
}

function uploadLayer(publication: Publication, blob: Descriptor, spooled: SpooledBytes): Promise<number> {
  const { store, uploads, stop, progress } = publication
  progress.queued(blob.size)
  return uploads.start(async () => {
    const outcome = await store.writeBlob(blob, () => untilStopped(stop, spooled.read()))
    progress.uploaded(blob.size)
    await spooled.remove()
    return outcome === 'written' ? blob.size : 0
  })
}

async function reuseLayer(publication: Publication, plan: LayerPlan): Promise<PlacedLayer | undefined> {
  const { baseline, store, progress } = publication
  const planned = baseline === undefined ? undefined : findEqualLayer(plan, baseline.artifact.manifest)
  const stored = baseline?.layers.find(layer => layer.uncompressed === planned?.layer.digest)
  // Asked for, because a registry may have thrown away a blob and still hold the manifest that names it.
  if (planned === undefined || stored === undefined || !(await store.hasBlob(stored.blob.digest))) return undefined
  progress.packed(plan.bytes)
  return { ...planned, stored, uploaded: Promise.resolve(0) }
}

async function writeManifests(
  { store, request, baseline }: Publication,
  made: { readonly manifest: Manifest; readonly layers: readonly StoredLayer[] },
): Promise<Published> {
  const { manifest, layers } = made
  const { blob, bytes } = encodeManifest(manifest)
  if (baseline?.artifact.content === blob.digest) return known(baseline.artifact)
  const stored = encodeArtifactManifest({ config: blob, layers, sourceUrl: request.sourceUrl })
  const artifact: Artifact = { digest: stored.digest, content: blob.digest, manifest }
  const tag = contentTag(blob.digest)
  const there = await store.readManifest(tag)
  if (there?.digest === stored.digest) return known(artifact)
  const outcome = await store.writeBlob(blob, async function* () {
    yield bytes
  })
  await store.writeManifest(stored, tag)
  const uploadedBytes = (outcome === 'written' ? blob.size : 0) + stored.bytes.byteLength
  return { artifact, existed: false, isNewContent: there === undefined, uploadedBytes }
}

function known(artifact: Artifact): Published {
  return { artifact, existed: true, isNewContent: false, uploadedBytes: 0 }
}

/** What could not be unpacked again is not packed. */
function checkContents(request: PublishRequest): void {
  const broken = brokenContents(request.files)
  if (broken === undefined) return
  throw new RingwayError({
    code: 'artifact_refused',
    message: `The artifact ${broken.words} (${broken.rule}).`,
    remedy: 'Rename such files, or exclude what need not be deployed with `exclude`.',
    facts: { rule: broken.rule },
  })
}

function overRatio({ component }: LayerPlan): RingwayError {
  return new RingwayError({
    code: 'artifact_refused',
    message: `The files of ${component ?? 'the shared layer'} compress to less than a ${artifactLimits.ratio}th: nobody would dare to unpack them.`,
    remedy: 'Exclude files that are mostly empty, and make them where they are used.',
    facts: { rule: 'compression_ratio' },
  })
}
