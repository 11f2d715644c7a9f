import { RingwayError } from '../../domain/ringway-error.ts'
import type { Artifact } from '../../ports/artifacts.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { decodeArtifactManifest, type StoredLayer } from './artifact-manifest.ts'
import { decodeManifest, manifestBlobLimit } from './manifest-blob.ts'
import { readWhole } from './statements.ts'
import { manifestRefused } from './store-errors.ts'

/** An artifact and where its layers are. */
export interface StoredArtifact {
  readonly artifact: Artifact
  /** In the order of the manifest's own layers. */
  readonly layers: readonly StoredLayer[]
}

/**
 * Reads an artifact's manifests and sees that both tell the same.
 *
 * @param reference - a digest or a tag
 * @returns undefined when the store does not hold it
 */
export async function readStoredArtifact(store: BlobStore, reference: string): Promise<StoredArtifact | undefined> {
  const { location } = store
  const stored = await store.readManifest(reference)
  if (stored === undefined) return undefined
  const { config, layers } = decodeArtifactManifest(stored, location)
  if (config.size > manifestBlobLimit) {
    const words = `has a configuration of ${config.size} bytes, more than ${manifestBlobLimit}`
    throw manifestRefused({ location, reference, rule: 'manifest_size', words })
  }
  const manifest = decodeManifest({ location, reference, bytes: await readWhole(store.readBlob(config)) })
  const isSame =
    layers.length === manifest.layers.length &&
    manifest.layers.every(
      (layer, index) => layer.digest === layers[index]?.uncompressed && layer.component === layers[index]?.component,
    )
  if (!isSame) {
    const words = 'has other layers than its configuration names'
    throw manifestRefused({ location, reference, rule: 'layers_differ', words })
  }
  return { artifact: { digest: stored.digest, content: config.digest, manifest }, layers }
}

/** The artifact whose layers may be taken again. One that is not there or not sound only costs the chance to. */
export async function readBaseline(store: BlobStore, reference: string): Promise<StoredArtifact | undefined> {
  try {
    return await readStoredArtifact(store, reference)
  } catch (error) {
    if (error instanceof RingwayError && error.code === 'artifact_refused') return undefined
    throw error
  }
}
