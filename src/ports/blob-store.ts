import type { Sha256Digest } from '../domain/units.ts'

/** An OCI content descriptor. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Sha256Digest
  /** Bytes. */
  readonly size: number
  readonly artifactType?: string | undefined
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

/** The exact bytes of a manifest with what they hash to. */
export interface StoredManifest {
  readonly mediaType: string
  readonly digest: Sha256Digest
  readonly bytes: Uint8Array
}

/**
 * One repository of an OCI registry, or a directory in the OCI image layout.
 *
 * Every byte that is read is hashed: what does not match its digest throws `digest_mismatch`, and a store that cannot be
 * asked throws an `errored` `store_unreachable` after its own retries. What is absent is `undefined` or `false`.
 */
export interface BlobStore {
  /** As people write it: `oci://host/name` or `oci-layout:path`. */
  readonly location: string

  /** @param reference - a digest or a tag */
  readManifest(reference: string): Promise<StoredManifest | undefined>

  /** Puts a manifest whose blobs are all there, by its digest, and then under the tag if one is given. */
  writeManifest(manifest: StoredManifest, tag?: string): Promise<void>

  hasBlob(digest: Sha256Digest): Promise<boolean>

  /** Streams a blob; the iteration throws before its end when the bytes are not those of the digest. */
  readBlob(blob: Descriptor): AsyncIterable<Uint8Array>

  /**
   * Puts a blob unless it is there. `open` may be called again for each attempt and gives the same bytes each time. A chunk that it gives
   * may be overwritten when the one after the next is asked for: the store has sent or written it by then.
   */
  writeBlob(blob: Descriptor, open: () => AsyncIterable<Uint8Array>): Promise<'written' | 'present'>

  /** The manifests that refer to `subject`, through the referrers API or, where a registry has none, the fallback tag. */
  listReferrers(subject: Sha256Digest, artifactType: string): Promise<readonly Descriptor[]>
}
