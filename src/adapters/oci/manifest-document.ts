import { z } from 'zod'
import { isSha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import { manifestRefused } from './store-errors.ts'

/** Bytes. What the OCI distribution specification 1.1 asks of registries at least, and all that is taken from one. */
export const manifestLimit = 4 * 1024 * 1024

/** The media types that are asked for: image manifest and image index. */
export const manifestTypes = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const

const digest = z.string().refine(isSha256Digest, 'expected sha256: and 64 hexadecimal digits')
// Loose: what other tools wrote into a descriptor (platform, urls, data) survives when we write the list again.
const descriptor = z.looseObject({
  mediaType: z.string(),
  digest,
  size: z.int().nonnegative(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const document = z.object({
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
  subject: descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})

/** What a store must know of a manifest. */
export interface ManifestDocument {
  readonly mediaType: string | undefined
  /** The manifest's own, or else the media type of its configuration. */
  readonly artifactType: string | undefined
  readonly annotations: Readonly<Record<string, string>> | undefined
  readonly subject: Descriptor | undefined
  /** Configuration and layers of an image manifest. */
  readonly blobs: readonly Descriptor[]
  /** The manifests of an index. */
  readonly manifests: readonly Descriptor[]
}

/** A manifest as it came, with what it was asked for by. */
export interface NamedManifest {
  readonly location: string
  readonly reference: string
  readonly bytes: Uint8Array
}

/** @throws {RingwayError} `artifact_refused` when the bytes are no OCI manifest or index */
export function readManifestDocument({ location, reference, bytes }: NamedManifest): ManifestDocument {
  const parsed = document.safeParse(parseJson(bytes))
  if (!parsed.success) {
    const words = `is no OCI manifest: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`
    throw manifestRefused({ location, reference, rule: 'manifest_format', words })
  }
  const { config, layers, manifests, ...rest } = parsed.data
  return {
    mediaType: rest.mediaType,
    artifactType: rest.artifactType ?? config?.mediaType,
    annotations: rest.annotations,
    subject: rest.subject,
    blobs: [...(config === undefined ? [] : [config]), ...(layers ?? [])],
    manifests: manifests ?? [],
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
