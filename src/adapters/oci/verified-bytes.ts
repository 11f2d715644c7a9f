import { createHash } from 'node:crypto'
import type { RingwayError } from '../../domain/ringway-error.ts'
import { type Sha256Digest, sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'

/** The digest of bytes that are in memory. */
export function digestOf(bytes: Uint8Array): Sha256Digest {
  return sha256Digest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
}

/**
 * Hands bytes on and throws before the end when they are not those of the descriptor. It stops at the first byte too many, so that
 * nobody can fill a disk with a blob that was announced as small.
 *
 * @param mismatch - makes the error out of what came instead
 */
export async function* verifiedBytes(
  blob: Descriptor,
  bytes: AsyncIterable<Uint8Array>,
  mismatch: (came: string) => RingwayError,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > blob.size) throw mismatch(`more than its ${blob.size} bytes`)
    hash.update(chunk)
    yield chunk
  }
  if (size < blob.size) throw mismatch(`${size} of its ${blob.size} bytes`)
  const came = `sha256:${hash.digest('hex')}`
  if (came !== blob.digest) throw mismatch(came)
}
