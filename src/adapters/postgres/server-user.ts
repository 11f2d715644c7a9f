import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { RingwayError } from '../../domain/ringway-error.ts'

/** Whom the server runs as. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** How a program ended. */
export interface ProgramEnd {
  /** undefined when it could not be started. */
  readonly exitCode: number | undefined
  /** What it said, in English, both streams. */
  readonly output: string
}

/**
 * PostgreSQL refuses to run as root. What exists already is served by its owner; new data belongs to this process's user, or where that is
 * root to the user `postgres`, who is made if there is none.
 */
export async function serverUser(data: string): Promise<ServerUser> {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  if (own.uid !== 0) return own
  const found = await stat(data).catch(() => undefined)
  if (found !== undefined && found.uid !== 0) return { uid: found.uid, gid: found.gid }
  return (await userNamedPostgres(own)) ?? (await makeUser(own))
}

/** Runs a program of the server. It gets none of this process's environment: the App's secrets are not for it. */
export function runAs(user: ServerUser, file: string, args: readonly string[]): Promise<ProgramEnd> {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' }
  return new Promise(resolve => {
    execFile(file, [...args], { ...user, env, cwd: '/', maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim()
      if (error === null) resolve({ exitCode: 0, output })
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output })
      else resolve({ exitCode: undefined, output: output === '' ? error.message : output })
    })
  })
}

async function userNamedPostgres(root: ServerUser): Promise<ServerUser | undefined> {
  const [uid, gid] = await Promise.all([runAs(root, 'id', ['-u', 'postgres']), runAs(root, 'id', ['-g', 'postgres'])])
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return undefined
  return { uid: Number(uid.output), gid: Number(gid.output) }
}

async function makeUser(root: ServerUser): Promise<ServerUser> {
  const args = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']
  const end = await runAs(root, 'useradd', args)
  // Another process may have been faster.
  const user = await userNamedPostgres(root)
  if (user !== undefined) return user
  throw new RingwayError({
    code: 'database_unreachable',
    message: `PostgreSQL does not run as root, and the user postgres could not be made: ${end.output}`,
    remedy: 'Run the App as a normal user, make a user named postgres, or set DATABASE_URL.',
    kind: 'errored',
  })
}
