import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import { hasCode } from './layout-failure.ts'
import { writeFileAtomically } from './layout-file.ts'
import { blobMissing, digestMismatch, sourceMismatch } from './store-errors.ts'
import { verifiedBytes } from './verified-bytes.ts'

/** The content-addressed files of a layout. */
export interface LayoutBlobs {
  /** @returns bytes, or undefined when there is no such file */
  size(digest: Sha256Digest): Promise<number | undefined>
  read(blob: Descriptor): AsyncGenerator<Uint8Array, void, undefined>
  /** The whole file, not verified: for small ones whose size was looked at before. */
  load(digest: Sha256Digest): Promise<Uint8Array | undefined>
  write(blob: Descriptor, open: () => AsyncIterable<Uint8Array>): Promise<void>
}

/** Bytes. Large reads keep the hash busy instead of the event loop. */
const readSize = 1024 * 1024

/** Source: OCI image specification 1.1, "Image layout". */
export function createLayoutBlobs(root: string, location: string): LayoutBlobs {
  const pathOf = (digest: Sha256Digest): string => join(root, 'blobs', 'sha256', digest.slice('sha256:'.length))
  return {
    async size(digest) {
      const found = await absentAsUndefined(stat(pathOf(digest)))
      return found?.isFile() === true ? found.size : undefined
    },

    async *read(blob) {
      const mismatch = (came: string) => digestMismatch({ location, expected: blob.digest, came })
      try {
        const file = createReadStream(pathOf(blob.digest), { highWaterMark: readSize })
        yield* verifiedBytes(blob, file, mismatch)
      } catch (error) {
        throw hasCode(error, 'ENOENT') ? blobMissing(location, blob.digest) : error
      }
    },

    load: digest => absentAsUndefined(readFile(pathOf(digest))),

    async write(blob, open) {
      const mismatch = (came: string) => sourceMismatch({ location, expected: blob.digest, came })
      await writeFileAtomically(root, pathOf(blob.digest), async file => {
        for await (const chunk of verifiedBytes(blob, open(), mismatch)) await file.writeFile(chunk)
      })
    },
  }
}

async function absentAsUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}
