import type { Descriptor } from '../../ports/blob-store.ts'
import type { Answer } from './registry-answer.ts'
import type { RegistryClient } from './registry-client.ts'
import { protocolFailure, RegistryFailure } from './registry-failure.ts'

/** An upload that the registry has begun. */
export interface UploadSession {
  readonly url: URL
  /** How many bytes the registry has. */
  readonly offset: number
}

/** Begins an upload, or has the registry take the blob from a repository that has it. */
export async function beginUpload(
  client: RegistryClient,
  upload: { readonly blob: Descriptor; readonly mountFrom: readonly string[] },
): Promise<UploadSession | 'mounted'> {
  for (const mountFrom of upload.mountFrom) {
    const query = new URLSearchParams({ mount: upload.blob.digest, from: mountFrom })
    // A repository that may not be read, or that is not there, is no reason to fail: then the blob is sent.
    const answer = await client
      .send({
        method: 'POST',
        target: `blobs/uploads/?${query.toString()}`,
        access: 'push',
        mountFrom,
        expect: [201, 202],
      })
      .catch(failure => {
        if (failure instanceof RegistryFailure && failure.retry === 'never') return undefined
        throw failure
      })
    if (answer === undefined) continue
    await answer.discard()
    if (answer.status === 201) return 'mounted'
    return { url: uploadUrl(client, answer), offset: 0 }
  }
  const answer = await client.send({ method: 'POST', target: 'blobs/uploads/', access: 'push', expect: [202] })
  await answer.discard()
  return { url: uploadUrl(client, answer), offset: 0 }
}

/** How far an earlier attempt came; undefined when the registry has forgotten it. */
export async function findOffset(client: RegistryClient, session: UploadSession): Promise<UploadSession | undefined> {
  try {
    const answer = await client.send({ method: 'GET', target: session.url, access: 'push', expect: [202, 204] })
    await answer.discard()
    const end = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '')?.[1]
    if (end === undefined) return undefined
    const location = answer.header('location')
    // `0-0` is what registries say of an upload without a byte; one that holds a single byte is sent again.
    return {
      url: location === undefined ? session.url : client.resolve(location),
      offset: end === '0' ? 0 : Number(end) + 1,
    }
  } catch (failure) {
    if (failure instanceof RegistryFailure && failure.retry === 'never') return undefined
    throw failure
  }
}

/** Tells the registry to forget an upload. It forgets by itself in time, so nothing depends on the answer. */
export async function abandonUpload(client: RegistryClient, session: UploadSession): Promise<void> {
  try {
    const answer = await client.send({ method: 'DELETE', target: session.url, access: 'push', expect: [204, 404] })
    await answer.discard()
  } catch {
    // The failure that ended the upload is the one to report.
  }
}

/** Where to send the next part. */
export function uploadUrl(client: RegistryClient, answer: Answer): URL {
  const location = answer.header('location')
  if (location === undefined) throw protocolFailure(answer.where, 'named no Location to upload to')
  return client.resolve(location)
}
