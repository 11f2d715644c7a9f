import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdDecompress } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import type { ManifestLayer } from '../../domain/manifest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { StoredLayer } from './artifact-manifest.ts'
import { refused } from './artifact-refusal.ts'
import { isOverRatio } from './artifact-rules.ts'

/** Powers of two: 8 MiB. What we write needs 2 MiB; who asks for more of the reader's memory is refused. */
const windowLog = 23
const streamSize = 1024 * 1024

/** One entry of a layer, as it comes. */
export interface LayerEntry extends AsyncIterable<unknown> {
  readonly header: Header
}

/** A layer in a store, and what the manifest says of it. */
export interface LayerReading {
  readonly store: BlobStore
  readonly stored: StoredLayer
  readonly listed: ManifestLayer
  /** Told of compressed bytes as they come. */
  readonly onBytes: (bytes: number) => void
}

/**
 * Hands over every entry of a layer, and throws when the layer is not to the byte the one that the manifest lists. Entries are handed
 * over before that is known, so that nothing they say may be relied on until this has ended.
 *
 * @param onEntry - must read the entry to its end
 */
export async function readLayer(reading: LayerReading, onEntry: (entry: LayerEntry) => Promise<void>): Promise<void> {
  const { store, stored, listed } = reading
  if (isOverRatio({ uncompressed: listed.size, compressed: stored.blob.size })) {
    throw refused('compression_ratio', `a layer unpacks to ${listed.size} bytes from ${stored.blob.size}`)
  }
  const entries = extract()
  const taken = takeEntries(entries, onEntry)
  const streamed = pipeline(
    Readable.from(counted(store.readBlob(stored.blob), reading.onBytes), { objectMode: false }),
    createZstdDecompress({ chunkSize: streamSize, params: { [constants.ZSTD_d_windowLogMax]: windowLog } }),
    exactly(listed),
    entries,
  )
  const ended = await Promise.allSettled([taken, streamed])
  const reasons = ended.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
  if (reasons.length === 0) return
  throw await whatHappened(reading, reasons)
}

async function takeEntries(
  entries: AsyncIterable<LayerEntry>,
  onEntry: (entry: LayerEntry) => Promise<void>,
): Promise<void> {
  let end = 0
  for await (const entry of entries) {
    const { name, size, pax } = entry.header
    const start = contentStart(entry.header)
    // A plain header is one block, one with an extended name before it three or more. Whatever else stands between two files is hidden.
    const isPlain = pax === null && start - end === 512
    const isExtended = hasOnlyPath(pax) && start - end >= 1536
    if (!isPlain && !isExtended) {
      throw refused('hidden_entry', `before ${JSON.stringify(name.slice(0, 200))} a layer holds what is no file`)
    }
    end = start + Math.ceil(size / 512) * 512
    await onEntry(entry)
  }
}

/** Where an entry's content begins in the tar; its published type leaves that out. */
function contentStart(header: Header): number {
  if ('byteOffset' in header && typeof header.byteOffset === 'number') return header.byteOffset
  throw new TypeError('The tar reader does not say where an entry begins.')
}

function hasOnlyPath(pax: unknown): boolean {
  return typeof pax === 'object' && pax !== null && Object.keys(pax).every(key => key === 'path')
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of bytes) {
    onBytes(chunk.byteLength)
    yield chunk
  }
}

/** Lets pass exactly the bytes of the uncompressed layer: the first one too many ends it. */
function exactly(layer: ManifestLayer): Transform {
  const hash = createHash('sha256')
  let size = 0
  return new Transform({
    highWaterMark: streamSize,
    transform(chunk: Buffer, _, next) {
      size += chunk.byteLength
      if (size > layer.size) return next(refused('layer_size', `a layer unpacks to more than its ${layer.size} bytes`))
      hash.update(chunk)
      next(null, chunk)
    },
    flush(done) {
      const came = `sha256:${hash.digest('hex')}`
      if (came === layer.digest) return done()
      done(refused('layer_digest', `a layer unpacks to ${came} and not to ${layer.digest}`))
    },
  })
}

/**
 * Bytes that were damaged in the store look like a damaged archive first, because an archive is read as it comes. So the blob is read
 * once more alone: if it is not what it should be, that is what happened.
 */
async function whatHappened({ store, stored }: LayerReading, reasons: readonly unknown[]): Promise<unknown> {
  const known = reasons.find(reason => reason instanceof RingwayError)
  if (known !== undefined && known.code !== 'artifact_refused') return known
  try {
    for await (const _ of store.readBlob(stored.blob));
  } catch (error) {
    return error
  }
  if (known !== undefined) return known
  const [first] = reasons
  const words = first instanceof Error ? first.message : String(first)
  return refused('damaged_archive', `a layer cannot be read: ${words}`, first)
}
