import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { applicationName } from './connection-settings.ts'
import { askServer, liveServer, type ServerAddress } from './live-server.ts'
import { type PostgresProgram, preparePostgres } from './postgres-program.ts'
import { disownReusedPid } from './postmaster-file.ts'
import { makeDirectories, type ServerDirectory, serverDirectory, syncDirectory } from './server-directory.ts'
import { serverFailure } from './server-failure.ts'
import { type ProgramEnd, runAs, type ServerUser, serverUser } from './server-user.ts'

/** A PostgreSQL of our own, which outlives the process that started it. */
export interface EmbeddedServer {
  readonly connection: ServerAddress
  /** Whether it ran already: an earlier App was killed, or another one works beside us. */
  readonly adopted: boolean
  /** Starts it again if it is gone: by another App that ended, by the system for want of memory. */
  revive(): Promise<void>
  /**
   * Stops it, unless anybody is connected: another App then goes on with it, and stops it in its turn. Close your own connections before.
   *
   * @returns whether it was stopped
   */
  stop(): Promise<boolean>
}

/** Milliseconds that a server may take to recover after a crash, and another process to start it for us. */
const longestStart = 120_000
/** Milliseconds after which a server that starts has made its socket. */
const unreachableFor = 5_000
const logLimit = 10 * 1024 * 1024

/**
 * The server of `directory`: the one that runs there, else a new one; its data are made if there are none. It listens on a socket that
 * only its user can reach, and keeps every acknowledged commit through a power cut.
 *
 * @throws {RingwayError} `database_incompatible` or `database_unreachable`, with what PostgreSQL said
 */
export async function openEmbeddedServer(request: { readonly directory: string }): Promise<EmbeddedServer> {
  const directory = await serverDirectory(request.directory)
  const user = await serverUser(directory.data)
  await makeDirectories(directory, user)
  const adopted = await liveServer(directory)
  let connection = adopted ?? (await start(directory, user))
  let reviving: Promise<void> | undefined
  const ensure = async (): Promise<void> => {
    connection = (await liveServer(directory)) ?? (await start(directory, user))
  }
  return {
    get connection() {
      return connection
    },
    adopted: adopted !== undefined,
    revive: () => {
      reviving ??= ensure().finally(() => {
        reviving = undefined
      })
      return reviving
    },
    stop: () => stop(directory, user),
  }
}

async function start(directory: ServerDirectory, user: ServerUser): Promise<ServerAddress> {
  const program = await preparePostgres(directory.root, user)
  await makeData({ directory, user, program })
  await writeSettings(directory)
  const began = performance.now()
  const control = (...args: readonly string[]): Promise<ProgramEnd> =>
    runAs(user, join(program, 'bin/pg_ctl'), [...args, '-w', '-D', directory.data])
  for (;;) {
    await disownReusedPid(directory)
    const from = await sizeOf(directory.log)
    const end = await control('start', '-t', '110', '-l', directory.log)
    // Also when it did not end well: another process may have been faster, and then its server is as good.
    const live = await liveServer(directory)
    if (live !== undefined) return live
    const said = (await readFile(directory.log, 'utf8').catch(() => '')).slice(from)
    const passes = /lock file ".*" (?:already exists|is empty)|still in use|is shutting down|starting up/.test(said)
    const waited = performance.now() - began
    if (!passes || waited > longestStart) throw serverFailure(directory, `${end.output}\n${said}`)
    // It runs and nobody can reach it: somebody who tidies the temporary directory has removed its socket.
    if (waited > unreachableFor && !(await isThere(directory.socket))) await control('stop', '-m', 'fast')
    await sleep(100)
  }
}

async function isThere(socketDirectory: string): Promise<boolean> {
  const found = await stat(join(socketDirectory, '.s.PGSQL.5432')).catch(() => undefined)
  return found !== undefined
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

interface Founding {
  readonly directory: ServerDirectory
  readonly user: ServerUser
  readonly program: PostgresProgram
}

/** Made aside and renamed: data that are half made, or made by two at once, are never used. */
async function makeData({ directory, user, program }: Founding): Promise<void> {
  if (await hasData(directory)) return
  const aside = join(directory.root, `founding-${randomUUID()}`)
  const flags = [
    '--username=ringway',
    '--auth-local=trust',
    '--auth-host=reject',
    '--encoding=UTF8',
    '--no-locale',
    '--no-instructions',
  ]
  const end = await runAs(user, join(program, 'bin/initdb'), [`--pgdata=${aside}`, ...flags])
  try {
    if (end.exitCode !== 0) throw serverFailure(directory, end.output)
    await rename(aside, directory.data)
    await syncDirectory(directory.root)
  } catch (error) {
    // Another process was faster.
    if (!(await hasData(directory))) throw error
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

async function hasData(directory: ServerDirectory): Promise<boolean> {
  return (await sizeOf(join(directory.data, 'PG_VERSION'))) > 0
}

/** Statements are not logged: they hold the bodies of webhooks. */
function settings(directory: ServerDirectory): string {
  return `# Written by Ringway at each start. Your own settings go into own.conf beside this file.
listen_addresses = ''
unix_socket_directories = '${directory.socket.replaceAll("'", "''")}'
unix_socket_permissions = 0700
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 100
shared_buffers = 128MB
dynamic_shared_memory_type = ${process.platform === 'linux' ? 'posix' : 'mmap'}
log_min_messages = log
log_min_error_statement = panic
log_checkpoints = off
log_timezone = 'UTC'
timezone = 'UTC'
include = 'own.conf'
`
}

async function writeSettings(directory: ServerDirectory): Promise<void> {
  // In place, so that the file stays the server's own: who writes it may be root.
  await writeFile(join(directory.data, 'postgresql.conf'), settings(directory))
  await writeFile(join(directory.data, 'own.conf'), '', { flag: 'a' })
  if ((await sizeOf(directory.log)) > logLimit) await rename(directory.log, `${directory.log}.1`)
}

async function stop(directory: ServerDirectory, user: ServerUser): Promise<boolean> {
  const address = await liveServer(directory)
  if (address === undefined) return true
  for (let tries = 0; ; tries += 1) {
    const { others, own } = await connected(address)
    if (others === 0 && own === 0) break
    // A connection of our own that was closed a moment ago is still listed for a while.
    if (others > 0 || tries === 20) return false
    await sleep(25)
  }
  const program = await preparePostgres(directory.root, user)
  const end = await runAs(user, join(program, 'bin/pg_ctl'), ['stop', '-w', '-m', 'fast', '-D', directory.data])
  return end.exitCode === 0
}

async function connected(address: ServerAddress): Promise<{ readonly others: number; readonly own: number }> {
  const answer = await askServer(
    address,
    `select count(*) filter (where application_name <> '${applicationName}')::int as others,
            count(*) filter (where application_name = '${applicationName}')::int as own
     from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  )
  return z.object({ others: z.number(), own: z.number() }).parse(answer)
}
