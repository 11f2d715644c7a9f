import { createHash } from 'node:crypto'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import type { Answer } from './registry-answer.ts'
import { headBlob } from './registry-blobs.ts'
import type { RegistryClient } from './registry-client.ts'
import { protocolFailure, RegistryFailure } from './registry-failure.ts'
import { withPatience } from './registry-patience.ts'
import { abandonUpload, beginUpload, findOffset, type UploadSession, uploadUrl } from './registry-session.ts'
import { readComplaint } from './registry-status.ts'
import { skipBytes } from './skip-bytes.ts'
import { digestMismatch, sourceMismatch } from './store-errors.ts'

/** A blob on its way into a registry. */
export interface Upload {
  readonly location: string
  readonly blob: Descriptor
  /** May be called for each attempt, and gives the same bytes each time. */
  open(): AsyncIterable<Uint8Array>
  /** Repositories of the same registry that may hold the blob already. */
  readonly mountFrom: readonly string[]
}

/** Bytes. A larger blob is sent in a request of its own, so that a cut loses neither it nor the end of the upload. */
const monolithicLimit = 4 * 1024 * 1024

/**
 * Puts a blob into a registry unless it is there. A cut upload is continued where the registry says it ended, or begun again when the
 * registry has forgotten it. A blob is visible only after the last request, so a failed upload leaves nothing behind that can be used.
 * Source: OCI distribution specification 1.1, "Pushing blobs".
 */
export async function uploadBlob(client: RegistryClient, upload: Upload): Promise<'written' | 'present'> {
  if (await headBlob(client.ask, upload.blob.digest)) return 'present'
  let session: UploadSession | undefined
  const keep = (begun: UploadSession | undefined): void => {
    session = begun
  }
  try {
    return await withPatience(client.patience, async triedBefore => {
      // The answer to the request that ended the upload may be all that was lost.
      if (triedBefore > 0 && (await headBlob(client.send, upload.blob.digest))) return 'written'
      const resumed = session === undefined ? undefined : await findOffset(client, session)
      const begun = resumed ?? (await beginUpload(client, upload))
      if (begun === 'mounted') return 'present'
      keep(begun)
      await sendAndEnd(client, { upload, session: begun, keep })
      await confirm(client, upload)
      return 'written'
    })
  } catch (failure) {
    if (session !== undefined) await abandonUpload(client, session)
    throw failure
  }
}

async function sendAndEnd(
  client: RegistryClient,
  sending: {
    readonly upload: Upload
    readonly session: UploadSession
    readonly keep: (session: UploadSession | undefined) => void
  },
): Promise<void> {
  const { upload, keep } = sending
  const { blob } = upload
  let session = sending.session
  const isMonolithic = session.offset === 0 && blob.size <= monolithicLimit
  if (!isMonolithic && session.offset < blob.size) {
    session = await patch(client, { upload, session, keep })
    keep(session)
  }
  const answer = await client.send({
    method: 'PUT',
    target: withDigest(session.url, blob.digest),
    access: 'push',
    headers: octets,
    body: isMonolithic ? { digest: blob.digest, size: blob.size, open: () => upload.open() } : undefined,
    expect: [201, 204, 400, 404, 416],
  })
  if (answer.status === 201 || answer.status === 204) {
    await checkDigest(answer, upload)
    return answer.discard()
  }
  keep(undefined)
  throw await refusedBytes(answer, upload)
}

/** Appended as text: a query that is parsed and written again may differ in its encoding, and then its signature is wrong. */
function withDigest(url: URL, digest: Sha256Digest): URL {
  const ending = new URL(url)
  ending.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(digest)}`
  return ending
}

const octets = { 'content-type': 'application/octet-stream' }

async function patch(
  client: RegistryClient,
  sending: {
    readonly upload: Upload
    readonly session: UploadSession
    readonly keep: (session: UploadSession | undefined) => void
  },
): Promise<UploadSession> {
  const { upload, session, keep } = sending
  const { blob } = upload
  const { offset } = session
  const answer = await client.send({
    method: 'PATCH',
    target: session.url,
    access: 'push',
    headers: offset === 0 ? octets : { ...octets, 'content-range': `${offset}-${blob.size - 1}` },
    body: { digest: blob.digest, size: blob.size - offset, open: () => skipBytes(upload.open(), offset) },
    expect: [202, 204, 404, 416],
  })
  if (answer.status === 202 || answer.status === 204) {
    await answer.discard()
    return { url: uploadUrl(client, answer), offset: blob.size }
  }
  keep(undefined)
  throw protocolFailure(answer.where, (await readComplaint(answer)).words)
}

/** The registry looked at the bytes and did not take them: either ours are wrong, or they were changed on the way. */
async function refusedBytes(answer: Answer, upload: Upload): Promise<Error> {
  const { codes, words } = await readComplaint(answer)
  if (!codes.includes('DIGEST_INVALID')) return protocolFailure(answer.where, words)
  const { blob, location } = upload
  const hash = createHash('sha256')
  for await (const chunk of upload.open()) hash.update(chunk)
  const came = `sha256:${hash.digest('hex')}`
  if (came !== blob.digest) return sourceMismatch({ location, expected: blob.digest, came })
  const { code, message, remedy, facts } = digestMismatch({
    location,
    expected: blob.digest,
    came: `the answer that it got other bytes: ${words}`,
  })
  return new RegistryFailure({ code, message, remedy, facts }, 'once')
}

async function checkDigest(answer: Answer, { blob, location }: Upload): Promise<void> {
  const came = answer.header('docker-content-digest')
  if (came !== undefined && came !== blob.digest) {
    await answer.discard()
    throw digestMismatch({ location, expected: blob.digest, came: `Docker-Content-Digest ${came}` })
  }
}

/** Nothing counts as stored before the registry says so when it is asked. */
async function confirm(client: RegistryClient, upload: Upload): Promise<void> {
  const { blob, location } = upload
  const answer = await client.send({
    method: 'HEAD',
    target: `blobs/${blob.digest}`,
    access: 'pull',
    expect: [200, 404],
  })
  await checkDigest(answer, upload)
  await answer.discard()
  if (answer.status === 404) throw protocolFailure(answer.where, 'is not there although the registry took it')
  const length = answer.header('content-length')
  if (length !== undefined && Number(length) !== blob.size) {
    throw digestMismatch({
      location,
      expected: blob.digest,
      came: `a length of ${length} instead of ${blob.size} bytes`,
    })
  }
}
