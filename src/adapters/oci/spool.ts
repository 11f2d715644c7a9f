import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Room on disk for what is compressed and not uploaded yet, in a directory of this process. */
export interface Spool extends AsyncDisposable {
  /** A file that does not exist yet. */
  next(): SpooledFile
}

/** One file of a spool. */
export interface SpooledFile {
  readonly path: string
  /** Its bytes, again for each call. */
  read(): AsyncIterable<Uint8Array>
  remove(): Promise<void>
}

/** The process id is known on this host only: a temporary directory may be shared by several. */
const prefix = `ringway-pack-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`

/** Opens a spool, and takes away those of processes that were killed. */
export async function openSpool(parent = tmpdir()): Promise<Spool> {
  await mkdir(parent, { recursive: true })
  await sweep(parent)
  const directory = await mkdtemp(join(parent, `${prefix}${process.pid}-`))
  let used = 0
  return {
    next() {
      used += 1
      const path = join(directory, `${used}.tar.zst`)
      return {
        path,
        read: () => createReadStream(path, { highWaterMark: 1024 * 1024 }),
        remove: () => rm(path, { force: true }),
      }
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter(name => name.startsWith(prefix))
  for (const name of names) {
    const pid = Number(/^\d+/.exec(name.slice(prefix.length))?.[0])
    if (!Number.isInteger(pid) || isRunning(pid)) continue
    // Another user's is not ours to remove.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined)
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
