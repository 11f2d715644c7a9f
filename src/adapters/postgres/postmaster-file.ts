import { readFile, readlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ServerDirectory } from './server-directory.ts'

/**
 * The text of `postmaster.pid`: what a running server, or one that died, says of itself. Its first line is the number of its process.
 *
 * @returns undefined when no server runs on these data
 *
 * Source: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/utils/pidfile.h
 */
export async function readPostmasterFile(data: string): Promise<string | undefined> {
  return readFile(postmasterFile(data), 'utf8').catch(() => undefined)
}

/**
 * After a crash the number of the dead server may belong to another process, in a container often to this one's neighbour; PostgreSQL would then
 * refuse to start for ever. The files are not removed, because one also names the shared memory that a dead server's children may still use:
 * they get this process's number, which PostgreSQL knows to be its grandparent's and not a server's.
 */
export async function disownReusedPid(directory: ServerDirectory): Promise<void> {
  for (const path of [postmasterFile(directory.data), `${directory.socket}/.s.PGSQL.5432.lock`]) {
    const [pid, ...others] = (await readFile(path, 'utf8').catch(() => '')).split('\n')
    if (pid !== undefined && (await isNoServer(pid))) await writeFile(path, [String(process.pid), ...others].join('\n'))
  }
}

function postmasterFile(data: string): string {
  return join(data, 'postmaster.pid')
}

/** Only where the system can say it for certain; elsewhere PostgreSQL's own judgement stands. */
async function isNoServer(pid: string): Promise<boolean> {
  if (!/^\d+$/.test(pid)) return false
  // Dead, and kept because nothing collects the dead: usual in containers without an init. A signal still finds it.
  const state = /\) (\w) /.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.[1]
  if (state === 'Z') return true
  const program = await readlink(`/proc/${pid}/exe`).catch(() => undefined)
  return program !== undefined && !/^postgres\b/.test(basename(program))
}
