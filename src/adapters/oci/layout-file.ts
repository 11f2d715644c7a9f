import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file that is still being written; nothing reads from here, so what a crash leaves is only waste. */
const unfinished = 'unfinished'

/** Milliseconds. No upload of one file takes longer; an older one was left by a crash. */
const abandonedAfterMs = 24 * 60 * 60 * 1000

/**
 * Writes a file that is there whole and on disk, or not at all: a file beside it is written, synchronised and renamed, and then the
 * directory is synchronised, because a rename that only the page cache knows is lost in a power cut.
 *
 * @param root - the layout's directory: on the same file system, and where unfinished files are kept
 */
export async function writeFileAtomically(
  root: string,
  path: string,
  fill: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await mkdir(join(root, unfinished), { recursive: true })
  const temporary = join(root, unfinished, `${basename(path)}.${randomUUID()}`)
  try {
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
    try {
      await fill(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await mkdir(dirname(path), { recursive: true })
    await rename(temporary, path)
    await syncDirectory(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Removes what crashed writers left. */
export async function sweepUnfinished(root: string): Promise<void> {
  const directory = join(root, unfinished)
  const names = await readdir(directory).catch(() => [])
  for (const name of names) {
    const path = join(directory, name)
    const age =
      Date.now() -
      (await stat(path).then(
        found => found.mtimeMs,
        () => Date.now(),
      ))
    if (age > abandonedAfterMs) await rm(path, { force: true })
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no handle for a directory that could be synchronised.
  if (process.platform === 'win32') return
  const directory = await open(path, constants.O_RDONLY)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
