import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ManifestFile } from '../../domain/manifest.ts'
import type { Artifact, Progress } from '../../ports/artifacts.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { refused } from './artifact-refusal.ts'
import { readStoredArtifact, type StoredArtifact } from './read-artifact.ts'
import { type LayerEntry, readLayer } from './read-layer.ts'
import { blobMissing } from './store-errors.ts'

/** Opens the place of a file; absent: the file is looked at and kept nowhere. */
type OpenFile = (file: ManifestFile) => Promise<FileHandle>

/** Pulls, verifies and unpacks; the directory appears whole or not at all. */
export async function unpackArtifact(
  store: BlobStore,
  work: { readonly artifact: Artifact; readonly directory: string },
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const { artifact, directory } = work
  // Beside its place, because only within one file system can it appear at once.
  const partial = `${directory}.partial-${randomUUID()}`
  await mkdir(partial, { recursive: true })
  try {
    await readArtifact(store, { artifact, openFile: file => createFile(partial, file) }, onProgress)
    await rename(partial, directory)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

/** Pulls and verifies everything, and keeps nothing. */
export async function verifyArtifact(
  store: BlobStore,
  artifact: Artifact,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  await readArtifact(store, { artifact, openFile: undefined }, onProgress)
}

interface ArtifactReading {
  readonly artifact: Artifact
  readonly openFile: OpenFile | undefined
}

async function readArtifact(
  store: BlobStore,
  reading: ArtifactReading,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const stored = await readStoredArtifact(store, reading.artifact.digest)
  if (stored === undefined) throw blobMissing(store.location, reading.artifact.digest)
  const { files, layers } = stored.artifact.manifest
  const waiting = new Map(files.map(file => [file.path, file]))
  const onBytes = countBytes(stored, onProgress)
  for (const [index, layer] of stored.layers.entries()) {
    const listed = layers[index]
    if (listed === undefined) throw refused('layers_differ', 'it has more layers than its manifest names')
    await readLayer({ store, stored: layer, listed, onBytes }, async entry => {
      const file = takeListed(entry, listed.component, waiting)
      await takeFile(entry, file, reading.openFile)
    })
  }
  const [missing] = waiting.keys()
  if (missing !== undefined) {
    throw refused('missing_file', `its layers do not hold ${quote(missing)}, which its manifest lists`)
  }
}

function countBytes(stored: StoredArtifact, onProgress: (progress: Progress) => void): (bytes: number) => void {
  const total = stored.layers.reduce((sum, layer) => sum + layer.blob.size, 0)
  let done = 0
  return bytes => {
    done += bytes
    onProgress({ doing: 'unpacking', done, total })
  }
}

/** An allow-list: an entry is a file that the manifest lists in this layer and that has not come yet, or it is refused. */
function takeListed(
  entry: LayerEntry,
  component: string | undefined,
  waiting: Map<string, ManifestFile>,
): ManifestFile {
  const { name, type, size, mode } = entry.header
  if (type !== 'file') throw refused('entry_type', `a layer holds a ${type ?? 'thing of no known kind'} ${quote(name)}`)
  const file = waiting.get(name)
  if (file === undefined || file.component !== component) {
    throw refused('unlisted_file', `a layer holds ${quote(name)}, which its manifest does not list here`)
  }
  if (size !== file.size) throw refused('file_size', `${quote(name)} has ${size} bytes instead of ${file.size}`)
  if (mode !== modeOf(file)) {
    throw refused('entry_mode', `${quote(name)} has mode ${mode.toString(8)} instead of ${modeOf(file).toString(8)}`)
  }
  waiting.delete(name)
  return file
}

async function takeFile(entry: LayerEntry, file: ManifestFile, openFile: OpenFile | undefined): Promise<void> {
  const handle = await openFile?.(file)
  try {
    const hash = createHash('sha256')
    for await (const chunk of entry) {
      if (!(chunk instanceof Uint8Array)) continue
      hash.update(chunk)
      await handle?.writeFile(chunk)
    }
    const came = `sha256:${hash.digest('hex')}`
    if (came !== file.digest) throw refused('file_digest', `${quote(file.path)} is ${came} and not ${file.digest}`)
  } finally {
    await handle?.close()
  }
}

async function createFile(directory: string, file: ManifestFile): Promise<FileHandle> {
  const path = join(directory, file.path)
  await mkdir(dirname(path), { recursive: true })
  // Exclusive: two names that this file system takes for one end here.
  const handle = await open(path, 'wx', modeOf(file))
  // The mode at creation is cut by the process's umask.
  await handle.chmod(modeOf(file))
  return handle
}

function modeOf(file: ManifestFile): number {
  return file.executable ? 0o755 : 0o644
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 200))
}
