import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { ManifestFile } from '../../domain/manifest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { type Sha256Digest, sha256Digest } from '../../domain/units.ts'
import type { SourceFile } from '../../ports/artifacts.ts'
import { type ByteBlocks, createByteBlocks } from './byte-blocks.ts'
import { hasCode } from './layout-failure.ts'
import { paddedSize, tarBlock, tarHeader } from './tar-header.ts'

/** The files of one layer, and where they stand. */
export interface LayerSource {
  /** Absolute. */
  readonly directory: string
  readonly files: readonly SourceFile[]
}

/** Zeros after a content, up to the end of its block; two blocks of them end a tar. */
const zeros = new Uint8Array(2 * tarBlock)

/**
 * A layer as a tar, in large blocks, whose bytes depend on nothing but paths, contents and executable bits: entries sorted, no times, no
 * owners, no directories. These bytes are what a layer's digest names: they may never change, and a test holds them to a recorded digest.
 *
 * A block is overwritten when the one after the next is asked for.
 *
 * Reads are synchronous: a tree is thousands of small files, and asking the thread pool four times for each costs several times more than
 * reading it. Whoever takes the blocks lets the event loop go between them.
 *
 * @param onFile - called with each file once its digest is known
 * @throws {RingwayError} `compile_failed` when a file is not what it was when it was listed
 */
export function* packLayer(
  layer: LayerSource,
  onFile: (file: ManifestFile) => void,
): Generator<Uint8Array, void, undefined> {
  const blocks = createByteBlocks()
  for (const file of layer.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const { path, size, executable, component } = file
    yield* blocks.put(tarHeader(file))
    const digest = yield* putFile(blocks, file, join(layer.directory, path))
    yield* blocks.put(zeros.subarray(0, paddedSize(size) - size))
    onFile({ path, digest, size, executable, component })
  }
  yield* blocks.put(zeros)
  yield* blocks.end()
}

function* putFile(blocks: ByteBlocks, file: SourceFile, place: string): Generator<Uint8Array, Sha256Digest, undefined> {
  const hash = createHash('sha256')
  const handle = openFile(file, place)
  try {
    const { size } = fstatSync(handle)
    if (size !== file.size) throw changedUnderway(file, `it has ${size} bytes`)
    for (let left = size; left > 0; ) {
      const room = yield* blocks.room()
      const read = readSync(handle, room, 0, Math.min(left, room.byteLength), null)
      if (read === 0) throw changedUnderway(file, 'it is shorter')
      hash.update(room.subarray(0, read))
      blocks.filled(read)
      left -= read
    }
  } finally {
    closeSync(handle)
  }
  const digest = sha256Digest(`sha256:${hash.digest('hex')}`)
  if (file.digest !== undefined && file.digest !== digest) throw changedUnderway(file, 'it holds something else')
  return digest
}

function openFile(file: SourceFile, place: string): number {
  try {
    return openSync(place, 'r')
  } catch (error) {
    throw hasCode(error, 'ENOENT', 'ENOTDIR') ? changedUnderway(file, 'it is gone', error) : error
  }
}

function changedUnderway(file: SourceFile, now: string, cause?: unknown): RingwayError {
  return new RingwayError({
    code: 'compile_failed',
    message: `${file.path} changed while it was packed: it had ${file.size} bytes when it was listed, and now ${now}.`,
    remedy: 'Let nothing write into the solution while it is built.',
    facts: { path: file.path },
    cause,
  })
}
