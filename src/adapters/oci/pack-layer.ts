import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type Pack, pack } from 'tar-stream'
import type { ManifestFile } from '../../domain/manifest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { sha256Digest } from '../../domain/units.ts'
import type { SourceFile } from '../../ports/artifacts.ts'
import { hasCode } from './layout-failure.ts'

/** The files of one layer, and where they stand. */
export interface LayerSource {
  /** Absolute. */
  readonly directory: string
  readonly files: readonly SourceFile[]
}

/** Bytes. Larger files are read in parts of this size. */
const partSize = 256 * 1024

/**
 * A layer as a tar whose bytes depend on nothing but paths, contents and executable bits: entries sorted, times and owners zero, modes
 * 0644 or 0755, no directories. These bytes are what a layer's digest names, so they may never change, not even with a new version of
 * the packer; a test holds them to a recorded digest.
 *
 * @param onFile - called with each file once its digest is known
 * @throws {RingwayError} `compile_failed` when a file is not what it was when it was listed
 */
export async function* packLayer(
  layer: LayerSource,
  onFile: (file: ManifestFile) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const tar = pack()
  const written = writeEntries(tar, layer, onFile).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  // The packer's own stream type knows nothing of what it gives.
  for await (const chunk of tar) if (chunk instanceof Uint8Array) yield chunk
  await written
}

async function writeEntries(tar: Pack, layer: LayerSource, onFile: (file: ManifestFile) => void): Promise<void> {
  for (const file of layer.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const { path, size, executable, component } = file
    const place = join(layer.directory, path)
    try {
      const digest = sha256Digest(`sha256:${await (size > partSize ? writeParts : writeWhole)(tar, file, place)}`)
      if (file.digest !== undefined && file.digest !== digest) throw changedUnderway(file, 'other content')
      onFile({ path, digest, size, executable, component })
    } catch (error) {
      throw hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR') ? changedUnderway(file, 'no such file', error) : error
    }
  }
}

// Synchronous reads: a tree is thousands of small files, and asking the thread pool four times for each costs several times more than
// reading it. The event loop is free whenever a block goes to the compressor.
async function writeWhole(tar: Pack, file: SourceFile, place: string): Promise<string> {
  const bytes = readFileSync(place)
  if (bytes.byteLength !== file.size) throw changedUnderway(file, `${bytes.byteLength} bytes`)
  await new Promise<void>((resolve, reject) => {
    tar.entry(headerOf(file), bytes, error => (error ? reject(error) : resolve()))
  })
  return createHash('sha256').update(bytes).digest('hex')
}

async function writeParts(tar: Pack, file: SourceFile, place: string): Promise<string> {
  const hash = createHash('sha256')
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  done.catch(() => undefined)
  const entry = tar.entry(headerOf(file), error => (error ? reject(error) : resolve()))
  const handle = openSync(place, 'r')
  try {
    let size = 0
    for (;;) {
      // A new buffer for each part: the packer still holds the last one.
      const part = Buffer.allocUnsafeSlow(partSize)
      const read = readSync(handle, part)
      size += read
      if (size > file.size) throw changedUnderway(file, `at least ${size} bytes`)
      if (read === 0) break
      const bytes = part.subarray(0, read)
      hash.update(bytes)
      if (!entry.write(bytes)) await Promise.race([done, drained(entry)])
    }
    if (size !== file.size) throw changedUnderway(file, `${size} bytes`)
  } finally {
    closeSync(handle)
  }
  entry.end(undefined)
  await done
  return hash.digest('hex')
}

function drained(entry: NodeJS.EventEmitter): Promise<void> {
  return new Promise(resolve => {
    entry.once('drain', () => resolve())
  })
}

function headerOf(file: SourceFile) {
  return {
    name: file.path,
    size: file.size,
    mode: file.executable ? 0o755 : 0o644,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    type: 'file',
  } as const
}

function changedUnderway(file: SourceFile, now: string, cause?: unknown): RingwayError {
  return new RingwayError({
    code: 'compile_failed',
    message: `${file.path} changed while it was packed: it had ${file.size} bytes when it was listed, and now there is ${now}.`,
    remedy: 'Let nothing write into the solution while it is built.',
    facts: { path: file.path },
    cause,
  })
}
