import type { BlobStore } from '../../ports/blob-store.ts'
import { readManifestDocument } from './manifest-document.ts'
import { referrerDescriptor } from './referrers.ts'
import { headBlob, streamBlob } from './registry-blobs.ts'
import { createRegistryClient } from './registry-client.ts'
import { asRingwayError } from './registry-failure.ts'
import { fetchManifest, putManifest } from './registry-manifests.ts'
import { type Patience, usualPatience } from './registry-patience.ts'
import { fetchReferrers } from './registry-referrers.ts'
import { listUnderTag } from './registry-referrers-tag.ts'
import { uploadBlob } from './registry-upload.ts'
import { digestMismatch, sourceMismatch } from './store-errors.ts'
import { checkReference } from './tag.ts'
import type { Credentials } from './token.ts'
import { digestOf, verifiedBytes } from './verified-bytes.ts'

/** A repository of a registry. */
export interface RegistryOptions {
  readonly location: string
  /** The registry's root, without path. */
  readonly base: URL
  /** The repository's name in it. */
  readonly name: string
  /** Absent: anonymous. */
  readonly credentials?: Credentials | undefined
  /** Repositories of the same registry from which a blob may be taken instead of being uploaded. */
  readonly mountFrom?: readonly string[] | undefined
  readonly patience?: Patience | undefined
}

/** A registry as a store. Source: OCI distribution specification 1.1; works with registries that know version 1.0 only. */
export function createRegistry(options: RegistryOptions): BlobStore {
  const { location, base, name, credentials, mountFrom = [], patience = usualPatience } = options
  const client = createRegistryClient({ base, name, credentials, patience })
  const asked = { client, location }
  const guarded = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch(failure => {
      throw asRingwayError(failure, location)
    })

  return {
    location,
    readManifest: reference => guarded(async () => fetchManifest(asked, checkReference(reference))),

    writeManifest: (manifest, tag) =>
      guarded(async () => {
        if (tag !== undefined) checkReference(tag)
        const { digest, bytes } = manifest
        const came = digestOf(bytes)
        if (came !== digest) throw sourceMismatch({ location, expected: digest, came })
        const document = readManifestDocument({ location, reference: digest, bytes })
        const { hasListedReferrer } = await putManifest(asked, { manifest, reference: digest })
        if (document.subject !== undefined && !hasListedReferrer) {
          const referrer = referrerDescriptor(manifest, document)
          await listUnderTag(asked, { subject: document.subject.digest, manifest, referrer })
        }
        // Last, so that who comes by the tag finds everything.
        if (tag !== undefined) await putManifest(asked, { manifest, reference: tag })
      }),

    hasBlob: digest => guarded(() => headBlob(client.ask, digest)),

    async *readBlob(blob) {
      const mismatch = (came: string) => digestMismatch({ location, expected: blob.digest, came })
      try {
        yield* verifiedBytes(blob, streamBlob(client, { blob, location }), mismatch)
      } catch (failure) {
        throw asRingwayError(failure, location)
      }
    },

    writeBlob: (blob, open) => guarded(() => uploadBlob(client, { location, blob, open, mountFrom })),

    listReferrers: (subject, artifactType) => guarded(() => fetchReferrers(asked, { subject, artifactType })),
  }
}
