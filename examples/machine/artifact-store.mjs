import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, sep } from 'node:path'
import { Refusal } from './refusal.mjs'

/** Copies of artifacts, one directory per digest. */
export function openArtifactStore(root) {
  const directoryOf = digest => join(root, digest.replace(':', '-'))
  return {
    directoryOf,
    /** Copies the files that a manifest names, each checked against its digest. The copy is there whole or not at all. */
    async keep({ digest, from, files }) {
      const directory = directoryOf(digest)
      if (await isThere(directory)) return directory
      const unfinished = `${directory}.unfinished`
      await rm(unfinished, { recursive: true, force: true })
      await mkdir(unfinished, { recursive: true })
      for (const file of files) await copyFile({ file, from, to: unfinished })
      await rename(unfinished, directory)
      return directory
    },
    /** Takes away what no version needs. */
    async collect(neededDigests) {
      const needed = new Set(neededDigests.map(directoryOf))
      for (const name of await readdir(root)) {
        const directory = join(root, name)
        if (!needed.has(directory)) await rm(directory, { recursive: true, force: true })
      }
    },
  }
}

async function copyFile({ file, from, to }) {
  if (leavesTheTree(file.path)) {
    throw new Refusal({
      status: 400,
      code: 'bad_path',
      message: `The manifest names ${file.path}, outside the artifact.`,
    })
  }
  const bytes = await readRegularFile(join(from, file.path))
  const digest = bytes && `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (digest !== file.digest) {
    throw new Refusal({
      status: 409,
      code: 'artifact_changed',
      message: `${file.path} is ${digest ?? 'missing'}, the manifest says ${file.digest}.`,
      remedy: 'Place the artifact as it was unpacked; nothing may write into it before.',
    })
  }
  const copy = join(to, file.path)
  await mkdir(dirname(copy), { recursive: true })
  // Read only: a version is what it is for ever.
  await writeFile(copy, bytes, { mode: file.executable ? 0o555 : 0o444 })
}

const leavesTheTree = path => isAbsolute(path) || normalize(path).split(sep).includes('..') || path.includes('\0')

async function readRegularFile(path) {
  let file
  try {
    // A link could lead anywhere on this server.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    return (await file.stat()).isFile() ? await file.readFile() : undefined
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined
    throw error
  } finally {
    await file?.close()
  }
}

const isThere = path =>
  stat(path).then(
    () => true,
    () => false,
  )
