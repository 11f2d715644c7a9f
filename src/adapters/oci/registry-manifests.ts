import { RingwayError } from '../../domain/ringway-error.ts'
import { isSha256Digest, type Sha256Digest } from '../../domain/units.ts'
import type { StoredManifest } from '../../ports/blob-store.ts'
import { manifestLimit, manifestTypes, readManifestDocument } from './manifest-document.ts'
import type { Answer } from './registry-answer.ts'
import type { RegistryClient } from './registry-client.ts'
import { protocolFailure } from './registry-failure.ts'
import { withPatience } from './registry-patience.ts'
import { readComplaint } from './registry-status.ts'
import { digestMismatch, manifestRefused } from './store-errors.ts'
import { digestOf } from './verified-bytes.ts'

/** A repository that is asked, and its name for people. */
export interface Asked {
  readonly client: RegistryClient
  readonly location: string
}

/** Reads and verifies a manifest. Source: OCI distribution specification 1.1, "Pulling manifests". */
export async function fetchManifest(
  { client, location }: Asked,
  reference: string,
): Promise<StoredManifest | undefined> {
  return withPatience(client.patience, async () => {
    const answer = await client.send({
      method: 'GET',
      target: `manifests/${reference}`,
      access: 'pull',
      headers: { accept: Object.values(manifestTypes).join(', ') },
      expect: [200, 404],
    })
    if (answer.status === 404) {
      await answer.discard()
      return undefined
    }
    const bytes = await answer.bytes(manifestLimit)
    if (bytes === undefined) {
      const words = `is larger than ${manifestLimit} bytes`
      throw manifestRefused({ location, reference, rule: 'manifest_size', words })
    }
    const digest = digestOf(bytes)
    checkDigests({ location, reference, digest, announced: answer.header('docker-content-digest') })
    const document = readManifestDocument({ location, reference, bytes })
    // What the manifest says of itself goes first: no digest covers a header.
    const announced = answer.header('content-type')?.split(';')[0]?.trim()
    return { mediaType: document.mediaType ?? announced ?? manifestTypes.image, digest, bytes }
  })
}

function checkDigests(manifest: {
  readonly location: string
  readonly reference: string
  readonly digest: Sha256Digest
  readonly announced: string | undefined
}): void {
  const { location, reference, digest, announced } = manifest
  if (isSha256Digest(reference) && reference !== digest) {
    throw digestMismatch({ location, expected: reference, came: digest })
  }
  if (announced !== undefined && announced !== digest) {
    throw digestMismatch({ location, expected: digest, came: `Docker-Content-Digest ${announced.slice(0, 80)}` })
  }
}

/**
 * Puts a manifest under a digest or a tag and looks whether it is there.
 *
 * @returns whether the registry has listed it among the referrers of its subject
 */
export async function putManifest(
  { client, location }: Asked,
  put: { readonly manifest: StoredManifest; readonly reference: string },
): Promise<{ readonly hasListedReferrer: boolean }> {
  const { manifest, reference } = put
  const { digest, bytes, mediaType } = manifest
  return withPatience(client.patience, async () => {
    const answer = await client.send({
      method: 'PUT',
      target: `manifests/${reference}`,
      access: 'push',
      headers: { 'content-type': mediaType },
      body: { digest, size: bytes.byteLength, open: () => once(bytes) },
      expect: [201, 400, 404],
    })
    if (answer.status !== 201) throw await refusedManifest(answer, { location, digest })
    checkDigests({ location, reference: digest, digest, announced: answer.header('docker-content-digest') })
    await answer.discard()
    await confirm({ client, location }, put)
    return { hasListedReferrer: answer.header('oci-subject') !== undefined }
  })
}

async function refusedManifest(
  answer: Answer,
  manifest: { readonly location: string; readonly digest: Sha256Digest },
): Promise<Error> {
  const { location, digest } = manifest
  const { codes, words } = await readComplaint(answer)
  if (!codes.includes('MANIFEST_BLOB_UNKNOWN') && !codes.includes('BLOB_UNKNOWN')) {
    // A body that was damaged on the way gives 400 too.
    return protocolFailure(answer.where, words)
  }
  return new RingwayError({
    code: 'artifact_not_found',
    message: `${location} refused the manifest ${digest}, because it lacks a blob that the manifest names: ${words}.`,
    remedy:
      'Publish again; if it happens again, see whether the registry deletes blobs while they are being published.',
    facts: { location, digest },
  })
}

async function confirm(
  { client, location }: Asked,
  put: { readonly manifest: StoredManifest; readonly reference: string },
): Promise<void> {
  const answer = await client.send({
    method: 'HEAD',
    target: `manifests/${put.reference}`,
    access: 'pull',
    headers: { accept: put.manifest.mediaType },
    expect: [200, 404],
  })
  await answer.discard()
  if (answer.status === 404) throw protocolFailure(answer.where, 'is not there although the registry took it')
  const announced = answer.header('docker-content-digest')
  // Somebody else may have moved a tag meanwhile; only under a digest must it be ours.
  if (put.reference !== put.manifest.digest) return
  checkDigests({ location, reference: put.manifest.digest, digest: put.manifest.digest, announced })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
