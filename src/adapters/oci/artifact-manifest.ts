import { z } from 'zod'
import { artifactType, layerMediaType, manifestMediaType } from '../../domain/manifest.ts'
import { isSha256Digest, type Sha256Digest } from '../../domain/units.ts'
import type { Descriptor, StoredManifest } from '../../ports/blob-store.ts'
import { manifestTypes } from './manifest-document.ts'
import { manifestRefused } from './store-errors.ts'
import { digestOf } from './verified-bytes.ts'

/** Which uncompressed tar a layer's blob holds, so that an equal one need not be compressed again. */
const uncompressedAnnotation = 'dev.ringway.layer.uncompressed'
const componentAnnotation = 'org.opencontainers.image.title'

/** A layer in the store, with the digest of its uncompressed bytes. */
export interface StoredLayer {
  readonly blob: Descriptor
  readonly uncompressed: Sha256Digest
  readonly component: string | undefined
}

/** The OCI manifest of an artifact, taken apart. */
export interface ArtifactManifest {
  readonly config: Descriptor
  /** As many as the manifest blob lists, in its order. */
  readonly layers: readonly StoredLayer[]
}

/** Writes the OCI manifest of an artifact. Nothing in it depends on when or by whom it was built. */
export function encodeArtifactManifest(artifact: ArtifactManifest & { readonly sourceUrl: string }): StoredManifest {
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestTypes.image,
      artifactType,
      config: plain(artifact.config),
      layers: artifact.layers.map(layer => ({
        ...plain(layer.blob),
        annotations: {
          [componentAnnotation]: layer.component ?? 'shared',
          [uncompressedAnnotation]: layer.uncompressed,
        },
      })),
      annotations: { 'org.opencontainers.image.source': artifact.sourceUrl },
    }),
  )
  return { mediaType: manifestTypes.image, digest: digestOf(bytes), bytes }
}

const digest = z.string().refine(isSha256Digest)
const size = z.int().nonnegative()
const document = z.object({
  artifactType: z.literal(artifactType),
  config: z.object({ mediaType: z.literal(manifestMediaType), digest, size }),
  layers: z.array(
    z.object({
      mediaType: z.literal(layerMediaType),
      digest,
      size,
      annotations: z.looseObject({ [componentAnnotation]: z.string(), [uncompressedAnnotation]: digest }),
    }),
  ),
})

/** @throws {RingwayError} `artifact_refused` when it is not the manifest of an artifact of ours */
export function decodeArtifactManifest(stored: StoredManifest, location: string): ArtifactManifest {
  const parsed = document.safeParse(JSON.parse(new TextDecoder().decode(stored.bytes)))
  if (!parsed.success) {
    const words = `is no artifact of Ringway: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`
    throw manifestRefused({ location, reference: stored.digest, rule: 'manifest_format', words })
  }
  const { config, layers } = parsed.data
  return {
    config,
    layers: layers.map(({ annotations, ...blob }) => {
      const component = annotations[componentAnnotation]
      return {
        blob,
        uncompressed: annotations[uncompressedAnnotation],
        component: component === 'shared' ? undefined : component,
      }
    }),
  }
}

function plain({ mediaType, digest: name, size: bytes }: Descriptor): Descriptor {
  return { mediaType, digest: name, size: bytes }
}
