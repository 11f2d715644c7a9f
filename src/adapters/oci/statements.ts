import { z } from 'zod'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Statement } from '../../ports/artifacts.ts'
import type { BlobStore, Descriptor } from '../../ports/blob-store.ts'
import { manifestTypes, readManifestDocument } from './manifest-document.ts'
import { digestOf } from './verified-bytes.ts'

/** Source: in-toto attestation framework, "Media types". */
const statementType = 'application/vnd.in-toto+json'
const emptyType = 'application/vnd.oci.empty.v1+json'
const statementLimit = 16 * 1024 * 1024

/** Attaches a statement to an artifact as an OCI referrer; its bytes are canonical, so the same statement is attached once. */
export async function attachStatement(store: BlobStore, subject: Sha256Digest, statement: Statement): Promise<void> {
  const described = await store.readManifest(subject)
  if (described === undefined) throw noSubject(store.location, subject)
  const content = blobOf(statementType, canonicalJson(statement))
  const empty = blobOf(emptyType, '{}')
  for (const { blob, bytes } of [content, empty]) {
    await store.writeBlob(blob, async function* () {
      yield bytes
    })
  }
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestTypes.image,
      artifactType: statementType,
      config: empty.blob,
      layers: [content.blob],
      subject: { mediaType: described.mediaType, digest: subject, size: described.bytes.byteLength },
      annotations: { 'in-toto.io/predicate-type': statement.predicateType },
    }),
  )
  await store.writeManifest({ mediaType: manifestTypes.image, digest: digestOf(bytes), bytes })
}

const statementSchema = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
})

/**
 * The statements that are attached to an artifact. A list of referrers is a hint that anybody may write: a statement that is about
 * something else is passed over.
 */
export async function readStatements(store: BlobStore, subject: Sha256Digest): Promise<readonly Statement[]> {
  const statements: Statement[] = []
  for (const referrer of await store.listReferrers(subject, statementType)) {
    const stored = await store.readManifest(referrer.digest)
    if (stored === undefined) continue
    const document = readManifestDocument({ location: store.location, reference: referrer.digest, bytes: stored.bytes })
    const content = document.blobs.find(blob => blob.mediaType === statementType)
    if (content === undefined || content.size > statementLimit) continue
    const parsed = statementSchema.safeParse(parseJson(await readWhole(store.readBlob(content))))
    const about = parsed.data?.subject.some(one => `sha256:${one.digest.sha256}` === subject) ?? false
    if (parsed.success && about) statements.push(parsed.data)
  }
  return statements
}

/** Reads a blob that is known to be small enough for memory. */
export async function readWhole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function blobOf(mediaType: string, text: string): { readonly blob: Descriptor; readonly bytes: Uint8Array } {
  const bytes = new TextEncoder().encode(text)
  return { blob: { mediaType, digest: digestOf(bytes), size: bytes.byteLength }, bytes }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

function noSubject(location: string, subject: Sha256Digest): RingwayError {
  return new RingwayError({
    code: 'artifact_not_found',
    message: `${location} does not hold ${subject}, so nothing can be attached to it.`,
    remedy: 'Publish the artifact first.',
  })
}
