import { createHash } from 'node:crypto'
import { sha256Digest } from '../../src/domain/units.ts'
import type { BlobStore, Descriptor, StoredManifest } from '../../src/ports/blob-store.ts'

/** Bytes with the descriptor that names them. */
export interface TestBlob extends Descriptor {
  readonly bytes: Uint8Array
  /** The bytes in chunks, again for each call. */
  readonly open: () => AsyncIterable<Uint8Array>
}

/** Bytes that look like noise and are the same for the same seed; hashing makes them, so that no compressor makes them small. */
export function noise(size: number, seed: string): Uint8Array {
  return createHash('shake256', { outputLength: size }).update(seed).digest()
}

export function blobOf(bytes: Uint8Array, mediaType = 'application/octet-stream'): TestBlob {
  const digest = sha256Digest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
  return { mediaType, digest, size: bytes.byteLength, bytes, open: () => chunksOf(bytes) }
}

export function textBlob(text: string, mediaType: string): TestBlob {
  return blobOf(new TextEncoder().encode(text), mediaType)
}

export async function* chunksOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

/** A manifest of one layer with what must be stored before it. */
export interface TestArtifact {
  readonly manifest: StoredManifest
  readonly descriptor: Descriptor
  readonly blobs: readonly TestBlob[]
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

export function artifactOf(parts: {
  readonly layer: TestBlob
  readonly artifactType: string
  readonly subject?: Descriptor
}): TestArtifact {
  const config = textBlob('{}', 'application/vnd.oci.empty.v1+json')
  const { layer, artifactType, subject } = parts
  const document = {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType,
    config: plain(config),
    layers: [plain(layer)],
    ...(subject === undefined ? {} : { subject: plain(subject) }),
  }
  const { digest, size, bytes } = textBlob(JSON.stringify(document), manifestType)
  const descriptor = { mediaType: manifestType, digest, size }
  return { manifest: { mediaType: manifestType, digest, bytes }, descriptor, blobs: [config, layer] }
}

export async function publish(store: BlobStore, artifact: TestArtifact, tag?: string): Promise<void> {
  for (const blob of artifact.blobs) await store.writeBlob(blob, blob.open)
  await store.writeManifest(artifact.manifest, tag)
}

export async function readWhole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size }
}
