import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { layerMediaType } from '../../domain/manifest.ts'
import { type Sha256Digest, sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'

const prefix = 'ringway-pack-'

/** Compressed layers on their way, in files of this process. */
export interface Spool {
  /** Compresses a layer into a file; gives its digests before and after. */
  compress(tar: AsyncIterable<Uint8Array>): Promise<SpooledLayer>
  close(): Promise<void>
}

/** A compressed layer that can be read again for each attempt to upload it. */
export interface SpooledLayer {
  readonly blob: Descriptor
  /** Of the uncompressed tar. */
  readonly uncompressed: { readonly digest: Sha256Digest; readonly size: number }
  open(): AsyncIterable<Uint8Array>
}

/** Opens a spool; sweeps those of processes that were killed. */
export async function openSpool(parent = tmpdir()): Promise<Spool> {
  await mkdir(parent, { recursive: true })
  await sweep(parent)
  const directory = await mkdtemp(join(parent, `${prefix}${process.pid}-`))
  let used = 0
  return {
    async compress(tar) {
      used += 1
      return await compressTo(join(directory, `${used}.tar.zst`), tar)
    },
    close: () => rm(directory, { recursive: true, force: true }),
  }
}

async function compressTo(path: string, tar: AsyncIterable<Uint8Array>): Promise<SpooledLayer> {
  const before = measure()
  const after = measure()
  await pipeline(
    Readable.from(tar, { objectMode: false, highWaterMark: 1024 * 1024 }),
    before.stream,
    createZstdCompress({ chunkSize: 1024 * 1024, params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
    after.stream,
    createWriteStream(path, { highWaterMark: 4 * 1024 * 1024 }),
  )
  return {
    blob: { mediaType: layerMediaType, ...after.end() },
    uncompressed: before.end(),
    open: () => createReadStream(path, { highWaterMark: 1024 * 1024 }),
  }
}

/** The digest and size of a layer, without keeping it. */
export async function measureLayer(
  tar: AsyncIterable<Uint8Array>,
): Promise<{ readonly digest: Sha256Digest; readonly size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of tar) {
    hash.update(chunk)
    size += chunk.byteLength
  }
  return { digest: sha256Digest(`sha256:${hash.digest('hex')}`), size }
}

function measure(): { stream: Transform; end: () => { digest: Sha256Digest; size: number } } {
  const hash = createHash('sha256')
  let size = 0
  const stream = new Transform({
    highWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _, next) {
      hash.update(chunk)
      size += chunk.byteLength
      next(null, chunk)
    },
  })
  return { stream, end: () => ({ digest: sha256Digest(`sha256:${hash.digest('hex')}`), size }) }
}

/** What a killed process left behind is taken away by the next one. */
async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter(name => name.startsWith(prefix))
  for (const name of names) {
    const pid = Number(/^\d+/.exec(name.slice(prefix.length))?.[0])
    if (Number.isInteger(pid) && !isRunning(pid)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
