import { createHash, type Hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib'
import { type Sha256Digest, sha256Digest } from '../../domain/units.ts'
import type { SpooledBytes } from './spool.ts'

/** Bytes by what they hash to. */
export interface Measure {
  readonly digest: Sha256Digest
  /** Bytes. */
  readonly size: number
}

/** A layer before and after compression. */
export interface CompressedLayer {
  readonly uncompressed: Measure
  readonly compressed: Measure
}

// Level 3 is what `zstd` itself takes. One thread a layer: Node.js ends a stream too early when the library has threads of its own, and
// layers are compressed beside each other anyway.
const settings = { chunkSize: 256 * 1024, params: { [constants.ZSTD_c_compressionLevel]: 3 } }

/**
 * Compresses a layer into a spool. While one block is compressed in a thread, the next is read and hashed here.
 *
 * @param tar - blocks, each of which must stay as it is until the one after the next is asked for
 * @param onBytes - told how many uncompressed bytes were taken since it was told last
 */
export async function compressLayer(
  tar: Iterable<Uint8Array>,
  into: SpooledBytes,
  onBytes: (bytes: number) => void,
): Promise<CompressedLayer> {
  const zstd = createZstdCompress(settings)
  const drain = drainInto(zstd, into)
  drain.catch(() => undefined)
  try {
    const before = createMeter()
    let compressed: Promise<void> = Promise.resolve()
    for (const block of tar) {
      before.add(block)
      await compressed
      compressed = give(zstd, block)
      compressed.catch(() => undefined)
      onBytes(block.byteLength)
    }
    await compressed
    zstd.end()
    return { uncompressed: before.end(), compressed: await drain }
  } catch (error) {
    zstd.destroy()
    await drain.catch(() => undefined)
    throw error
  } finally {
    await into.end()
  }
}

/** The digest and size of a layer, without keeping it. */
export async function measureLayer(tar: Iterable<Uint8Array>): Promise<Measure> {
  const meter = createMeter()
  for (const block of tar) {
    meter.add(block)
    // Nothing here waits for a thread, so the event loop must be let go on purpose.
    await setImmediate()
  }
  return meter.end()
}

async function drainInto(zstd: ZstdCompress, into: SpooledBytes): Promise<Measure> {
  const meter = createMeter()
  for await (const chunk of zstd) {
    if (!(chunk instanceof Uint8Array)) continue
    meter.add(chunk)
    await into.write(chunk)
  }
  return meter.end()
}

/** Resolves when the block is no longer needed. */
function give(zstd: ZstdCompress, block: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    zstd.write(block, error => (error ? reject(error) : resolve()))
  })
}

function createMeter(): { add(bytes: Uint8Array): void; end(): Measure } {
  const hash: Hash = createHash('sha256')
  let size = 0
  return {
    add(bytes) {
      hash.update(bytes)
      size += bytes.byteLength
    },
    end: () => ({ digest: sha256Digest(`sha256:${hash.digest('hex')}`), size }),
  }
}
