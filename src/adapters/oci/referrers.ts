import type { Descriptor, StoredManifest } from '../../ports/blob-store.ts'
import { type ManifestDocument, manifestTypes } from './manifest-document.ts'
import { digestOf } from './verified-bytes.ts'

/** How a manifest stands in the list of its subject's referrers. Source: OCI distribution specification 1.1, "Listing referrers". */
export function referrerDescriptor(manifest: StoredManifest, document: ManifestDocument): Descriptor {
  const { artifactType, annotations } = document
  return {
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.byteLength,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  }
}

/** All descriptors of both lists, each digest once, in the order in which they came. */
export function unionOfReferrers(known: readonly Descriptor[], more: readonly Descriptor[]): readonly Descriptor[] {
  const byDigest = new Map([...more, ...known].map(descriptor => [descriptor.digest, descriptor]))
  const order = new Set([...known, ...more].map(descriptor => descriptor.digest))
  return [...order].flatMap(digest => byDigest.get(digest) ?? [])
}

/** The image index that lists referrers, as it is kept under the fallback tag. */
export function referrersIndex(manifests: readonly Descriptor[]): StoredManifest {
  const bytes = new TextEncoder().encode(
    JSON.stringify({ schemaVersion: 2, mediaType: manifestTypes.index, manifests }),
  )
  return { mediaType: manifestTypes.index, digest: digestOf(bytes), bytes }
}
