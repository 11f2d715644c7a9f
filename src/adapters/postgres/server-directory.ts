import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, open, readdir, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { ServerUser } from './server-user.ts'

/** Where one server keeps its things. */
export interface ServerDirectory {
  readonly root: string
  readonly data: string
  readonly log: string
  /** Holds the socket; only the server's user may enter. */
  readonly socket: string
}

/** Bytes that a socket's path may have on every system: macOS has the fewest. Source: `sun_path` in its sys/un.h. */
const longestSocketPath = 103
const socketName = '/.s.PGSQL.5432'

/** By whatever name it is called, the same directory is the same server. */
export async function serverDirectory(name: string): Promise<ServerDirectory> {
  const root = await realpath(name).catch(() => resolve(name))
  const beside = join(root, 'socket')
  const fits = Buffer.byteLength(beside + socketName) <= longestSocketPath
  const short = join(tmpdir(), `ringway-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
  return { root, data: join(root, 'data'), log: join(root, 'server.log'), socket: fits ? beside : short }
}

/**
 * Makes the directories that are missing, for `user` alone.
 *
 * @throws {RingwayError} when they cannot be made, or belong to somebody else
 */
export async function makeDirectories(directory: ServerDirectory, user: ServerUser): Promise<void> {
  await own(directory.root, user)
  await own(directory.socket, user)
}

async function own(path: string, user: ServerUser): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    if (await isMadeByRoot(path)) await chown(path, user.uid, user.gid)
  } catch (error) {
    throw unusable(path, `cannot be made: ${error instanceof Error ? error.message : String(error)}`)
  }
  // Whoever else owns a directory of the temporary ones could give us a server of his own behind its socket.
  const found = await lstat(path)
  if (!found.isDirectory()) throw unusable(path, 'is no directory')
  if (found.uid !== user.uid)
    throw unusable(path, `belongs to the user ${found.uid}, and the server runs as ${user.uid}`)
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o700)
}

/** Made by us, or by another replica that is about to give it away, or was killed before it did: one with something in it is somebody's. */
async function isMadeByRoot(path: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const found = await lstat(path)
  return found.isDirectory() && found.uid === 0 && (await readdir(path)).length === 0
}

function unusable(path: string, words: string): RingwayError {
  return new RingwayError({
    code: 'database_unreachable',
    message: `The database needs the directory ${path}, which ${words}.`,
    remedy: 'Give the directory to the user whom the App runs as, or set RINGWAY_DATA to another one.',
    facts: { path },
    kind: 'errored',
  })
}

/** What was renamed into a directory is there after a power cut only once the directory itself is on disk. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
