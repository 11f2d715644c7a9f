import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { allowSecretMarker, type SecretFinding } from '../../domain/secret-pattern.ts'
import { type Sha256Digest, sha256Digest } from '../../domain/units.ts'
import { createSecretSearch } from './secret-search.ts'

/** What reading a file once tells. */
export interface SourceReading {
  /** Bytes. */
  readonly size: number
  readonly digest: Sha256Digest
  readonly secrets: readonly SecretFinding[]
  /** Whether its first line says that people looked at it and it holds no secret. */
  readonly isAllowed: boolean
}

// One buffer for all files, and synchronous reads: a tree is thousands of small files, and asking the thread pool four times for each
// costs several times more than reading it. The event loop is let go between buffers.
const buffer = Buffer.allocUnsafeSlow(1024 * 1024)

/**
 * Hashes a file and looks for secrets in it.
 *
 * @param file.path - as it stands in the findings
 */
export async function readSourceFile(file: { readonly path: string; readonly place: string }): Promise<SourceReading> {
  const search = createSecretSearch(file.path)
  const hash = createHash('sha256')
  let size = 0
  let isAllowed = false
  const handle = openSync(file.place, 'r')
  try {
    for (let isLast = false; !isLast; ) {
      const read = readSync(handle, buffer)
      // A file of a disk gives less than was asked for only at its end.
      isLast = read < buffer.byteLength
      const bytes = buffer.subarray(0, read)
      if (size === 0) isAllowed = firstLine(bytes).includes(allowSecretMarker)
      hash.update(bytes)
      search.take(bytes, isLast)
      size += read
      if (!isLast) await setImmediate()
    }
  } finally {
    closeSync(handle)
  }
  return { size, digest: sha256Digest(`sha256:${hash.digest('hex')}`), secrets: search.found(), isAllowed }
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(0x0a)
  return bytes.toString('latin1', 0, end === -1 ? Math.min(bytes.byteLength, 1_024) : Math.min(end, 1_024))
}
