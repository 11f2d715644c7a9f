import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Pack, pack } from 'tar-stream'
import type { ManifestFile } from '../../domain/manifest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { sha256Digest } from '../../domain/units.ts'
import type { SourceFile } from '../../ports/artifacts.ts'

/** Files up to this many bytes are read whole, several ahead; larger ones are streamed. */
const smallFile = 256 * 1024
const readAhead = 16

/**
 * A layer as a tar whose bytes depend on nothing but paths, contents and executable bits: entries sorted, times and owners zero, modes
 * 0644 or 0755.
 *
 * @param onFile - called with each file once its digest is known
 */
export function packLayer(
  layer: { readonly directory: string; readonly files: readonly SourceFile[] },
  onFile: (file: ManifestFile) => void,
): AsyncIterable<Uint8Array> {
  const tar = pack()
  writeEntries(tar, layer, onFile).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  return tarBytes(tar)
}

/** The packer's own stream type knows nothing of node's. */
async function* tarBytes(tar: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of tar) if (chunk instanceof Uint8Array) yield chunk
}

async function writeEntries(
  tar: Pack,
  { directory, files }: { readonly directory: string; readonly files: readonly SourceFile[] },
  onFile: (file: ManifestFile) => void,
): Promise<void> {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const ahead: Promise<Buffer | undefined>[] = []
  const read = (index: number): void => {
    const file = sorted[index]
    if (file === undefined) return
    const bytes = file.size > smallFile ? Promise.resolve(undefined) : readFile(join(directory, file.path))
    // A rejection waits in the queue until its turn: without this it would count as unhandled.
    bytes.catch(() => undefined)
    ahead.push(bytes)
  }
  for (let index = 0; index < readAhead; index += 1) read(index)
  for (const [index, file] of sorted.entries()) {
    const bytes = await ahead.shift()
    read(index + readAhead)
    const digest = bytes === undefined ? await writeStream(tar, directory, file) : await writeBytes(tar, file, bytes)
    onFile({ path: file.path, digest: sha256Digest(`sha256:${digest}`), size: file.size, executable: file.executable })
  }
}

const header = (file: SourceFile) => ({
  name: file.path,
  size: file.size,
  mode: file.executable ? 0o755 : 0o644,
  mtime: new Date(0),
  uid: 0,
  gid: 0,
  uname: '',
  gname: '',
  type: 'file' as const,
})

async function writeBytes(tar: Pack, file: SourceFile, bytes: Buffer): Promise<string> {
  if (bytes.byteLength !== file.size) throw changedUnderway(file, bytes.byteLength)
  await new Promise<void>((resolve, reject) => {
    tar.entry(header(file), bytes, error => (error ? reject(error) : resolve(undefined)))
  })
  return createHash('sha256').update(bytes).digest('hex')
}

async function writeStream(tar: Pack, directory: string, file: SourceFile): Promise<string> {
  const hash = createHash('sha256')
  let size = 0
  const { promise: done, resolve, reject } = Promise.withResolvers<undefined>()
  done.catch(() => undefined)
  const entry = tar.entry(header(file), error => (error ? reject(error) : resolve(undefined)))
  for await (const chunk of createReadStream(join(directory, file.path), { highWaterMark: 1024 * 1024 })) {
    size += chunk.length
    if (size > file.size) throw changedUnderway(file, size)
    hash.update(chunk)
    if (!entry.write(chunk)) await new Promise<void>(drained => entry.once('drain', () => drained()))
  }
  if (size !== file.size) throw changedUnderway(file, size)
  entry.end(undefined)
  await done
  return hash.digest('hex')
}

function changedUnderway(file: SourceFile, size: number): RingwayError {
  return new RingwayError({
    code: 'compile_failed',
    message: `${file.path} changed while it was packed: it had ${file.size} bytes and now has ${size}.`,
    remedy: 'Let nothing write into the solution while it is built.',
    facts: { path: file.path },
  })
}
