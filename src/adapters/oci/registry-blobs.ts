import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import type { Answer } from './registry-answer.ts'
import type { Ask, RegistryClient } from './registry-client.ts'
import { protocolFailure } from './registry-failure.ts'
import { createRetries } from './registry-patience.ts'
import { skipBytes } from './skip-bytes.ts'
import { blobMissing } from './store-errors.ts'

/**
 * Whether the registry has a blob.
 *
 * @param ask - a client's `ask`, or its `send` inside something that is tried again as a whole
 */
export async function headBlob(ask: Ask, digest: Sha256Digest): Promise<boolean> {
  const answer = await ask({ method: 'HEAD', target: `blobs/${digest}`, access: 'pull', expect: [200, 404] })
  await answer.discard()
  return answer.status === 200
}

/** Bytes. Less progress than this between two cuts counts as none. */
const progressBytes = 64 * 1024

/**
 * The bytes of a blob, not yet verified. A connection that is cut is continued where it ended, so that a large blob comes through a bad
 * network at all.
 */
export async function* streamBlob(
  client: RegistryClient,
  request: { readonly blob: Descriptor; readonly location: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const { blob, location } = request
  let offset = 0
  let failedAt = 0
  const retries = createRetries(client.patience)
  for (;;) {
    try {
      const answer = await openBlob(client, { blob, offset })
      if (answer === undefined) throw blobMissing(location, blob.digest)
      for await (const chunk of fromOffset(answer, offset)) {
        offset += chunk.byteLength
        yield chunk
      }
      // It ended as it announced: that is all the registry has, and the digest judges it.
      return
    } catch (failure) {
      if (offset - failedAt >= progressBytes) retries.forget()
      failedAt = offset
      await retries.wait(failure)
    }
  }
}

async function openBlob(
  client: RegistryClient,
  from: { readonly blob: Descriptor; readonly offset: number },
): Promise<Answer | undefined> {
  const { blob, offset } = from
  const headers = offset === 0 ? {} : { range: `bytes=${offset}-` }
  const answer = await client.send({
    method: 'GET',
    target: `blobs/${blob.digest}`,
    access: 'pull',
    headers,
    expect: [200, 206, 404],
  })
  if (answer.status !== 404) return answer
  await answer.discard()
  return undefined
}

/** A server that does not know ranges sends everything again. */
async function* fromOffset(answer: Answer, offset: number): AsyncGenerator<Uint8Array, void, undefined> {
  if (answer.status === 206 && !answer.header('content-range')?.startsWith(`bytes ${offset}-`)) {
    await answer.discard()
    throw protocolFailure(answer.where, `answered with ${answer.header('content-range') ?? 'an unknown range'}`)
  }
  yield* skipBytes(answer.body(), answer.status === 206 ? 0 : offset)
}
