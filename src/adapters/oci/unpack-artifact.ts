import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdDecompress } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import type { ManifestFile, ManifestLayer } from '../../domain/manifest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Artifact, Progress } from '../../ports/artifacts.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { type ArtifactManifest, decodeArtifactManifest, type StoredLayer } from './artifact-manifest.ts'
import { digestMismatch } from './store-errors.ts'

/** A frame that needs a larger window than 128 MiB to be read is no layer of ours. */
const windowLog = 27
/** Only small layers may be compressed this much: a layer of zeros is no accident. */
const ratio = { limit: 200, above: 64 * 1024 * 1024 } as const

/** Pulls, verifies and unpacks; the directory appears whole or not at all. */
export async function unpackArtifact(
  store: BlobStore,
  work: { readonly artifact: Artifact; readonly directory: string },
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const { artifact, directory } = work
  const stored = await store.readManifest(artifact.digest)
  if (stored === undefined)
    throw digestMismatch({ location: store.location, expected: artifact.digest, came: 'nothing' })
  const manifest = decodeArtifactManifest(stored, store.location)
  checkLayers(artifact, manifest)
  const partial = `${directory}.partial-${randomUUID()}`
  await mkdir(partial, { recursive: true })
  try {
    const waiting = new Map(artifact.manifest.files.map(file => [file.path, file]))
    const total = artifact.manifest.files.reduce((sum, file) => sum + file.size, 0)
    for (const [index, layer] of manifest.layers.entries()) {
      const listed = artifact.manifest.layers[index]
      if (listed === undefined) continue
      await unpackLayer({ store, layer, listed, directory: partial, waiting })
      const left = [...waiting.values()].reduce((sum, file) => sum + file.size, 0)
      onProgress({ doing: 'unpacking', done: total - left, total })
    }
    const [missing] = waiting.keys()
    if (missing !== undefined)
      throw refused('missing_file', `its layers do not hold ${JSON.stringify(missing)}, which its manifest lists`)
    await rename(partial, directory)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

/** The manifest names uncompressed layers; the store's manifest says in which blobs they are. Both must tell the same. */
function checkLayers(artifact: Artifact, manifest: ArtifactManifest): void {
  const same =
    artifact.manifest.layers.length === manifest.layers.length &&
    artifact.manifest.layers.every((layer, index) => layer.digest === manifest.layers[index]?.uncompressed)
  if (!same || manifest.config.digest !== artifact.content) {
    throw refused('layers_differ', 'its layers are not those that its manifest names')
  }
}

async function unpackLayer(work: {
  readonly store: BlobStore
  readonly layer: StoredLayer
  readonly listed: ManifestLayer
  readonly directory: string
  readonly waiting: Map<string, ManifestFile>
}): Promise<void> {
  const { store, layer, listed, directory, waiting } = work
  if (listed.size > ratio.above && listed.size > layer.blob.size * ratio.limit) {
    throw refused('compression_ratio', `a layer unpacks to ${listed.size} bytes from ${layer.blob.size}`)
  }
  const entries = extract()
  const unpacked = (async () => {
    for await (const entry of entries) await writeEntry({ entry, header: entry.header, directory, waiting })
  })()
  const source = pipeline(
    Readable.from(store.readBlob(layer.blob), { objectMode: false }),
    createZstdDecompress({ chunkSize: 1024 * 1024, params: { [constants.ZSTD_d_windowLogMax]: windowLog } }),
    exactly(listed),
    entries,
  )
  const [piped, written] = await Promise.allSettled([source, unpacked])
  // An entry that is refused ends the pipe too: the refusal is what happened.
  for (const end of [written, piped]) if (end.status === 'rejected') throw asRefusal(end.reason)
}

/** Lets pass exactly the bytes of the uncompressed layer: the first one too many ends it. */
function exactly(layer: ManifestLayer): Transform {
  const hash = createHash('sha256')
  let size = 0
  return new Transform({
    highWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _, next) {
      size += chunk.byteLength
      if (size > layer.size) return next(refused('layer_size', `a layer unpacks to more than its ${layer.size} bytes`))
      hash.update(chunk)
      next(null, chunk)
    },
    flush(done) {
      const came = `sha256:${hash.digest('hex')}`
      done(
        came === layer.digest ? null : refused('layer_digest', `a layer unpacks to ${came} and not to ${layer.digest}`),
      )
    },
  })
}

async function writeEntry(work: {
  readonly entry: AsyncIterable<unknown>
  readonly header: Header
  readonly directory: string
  readonly waiting: Map<string, ManifestFile>
}): Promise<void> {
  const { entry, header, directory, waiting } = work
  // An allow-list: whatever else a tar can hold has no place in an artifact.
  if (header.type !== 'file')
    throw refused('entry_type', `a layer holds a ${header.type ?? 'nameless thing'} ${quote(header.name)}`)
  const file = waiting.get(header.name)
  if (file === undefined)
    throw refused('unlisted_file', `a layer holds ${quote(header.name)}, which its manifest does not list here`)
  if (header.size !== file.size)
    throw refused('file_size', `${quote(file.path)} has ${header.size ?? 0} bytes instead of ${file.size}`)
  waiting.delete(file.path)
  const path = join(directory, file.path)
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'wx', file.executable ? 0o755 : 0o644)
  try {
    const hash = createHash('sha256')
    for await (const chunk of entry) {
      if (!(chunk instanceof Uint8Array)) continue
      hash.update(chunk)
      await handle.write(chunk)
    }
    const came = `sha256:${hash.digest('hex')}`
    if (came !== file.digest) throw refused('file_digest', `${quote(file.path)} is ${came} and not ${file.digest}`)
  } finally {
    await handle.close()
  }
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 200))
}

function asRefusal(reason: unknown): unknown {
  if (reason instanceof RingwayError) return reason
  return refused(
    'damaged_archive',
    `a layer cannot be read: ${reason instanceof Error ? reason.message : String(reason)}`,
    reason,
  )
}

function refused(rule: string, words: string, cause?: unknown): RingwayError {
  return new RingwayError({
    code: 'artifact_refused',
    message: `The artifact is refused (${rule}): ${words}.`,
    remedy: 'Do not deploy it: find out who wrote it into the store. A new push publishes a sound one.',
    facts: { rule },
    cause,
  })
}
