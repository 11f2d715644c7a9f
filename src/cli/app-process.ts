import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { openEmbeddedServer } from '../adapters/postgres/embedded-server.ts'
import { RingwayError } from '../domain/ringway-error.ts'

/** The App as a process of its own, which may be killed and started again. */
export interface AppProcess {
  /** Starts it; resolves once it serves. What it did not finish before, it goes on with. */
  start(): Promise<void>
  /** Ends it with `kill -9`. Its database lives on, as it does on a server. */
  kill(): Promise<void>
  /** Ends it and its database, for good: nothing starts it again. */
  close(): Promise<void>
}

/** What an App is started with. */
export interface AppProcessOptions {
  /** The program: `app/main.ts` of this clone. */
  readonly program: string
  readonly port: number
  /** For its database. As root, every directory above it must let other users pass: the database runs as one. */
  readonly directory: string
  /** Its settings, besides the port and the directory. */
  readonly settings: Readonly<Record<string, string>>
}

/** Milliseconds in which the App must serve after its start; the first one makes the database. */
const longestStart = 60_000
/** Milliseconds in which the App must end when it is asked to. */
const longestFarewell = 15_000
/** Lines of what the App said last, for whoever must find out why it does not work. */
const keptLines = 20

/** Prepares an App that is not started yet. */
export function createAppProcess(options: AppProcessOptions): AppProcess {
  const data = join(options.directory, 'data')
  const said: string[] = []
  let child: ChildProcess | undefined
  let isClosed = false
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || hasEnded(child)) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    async start() {
      if (isClosed) throw closed()
      child = spawnApp(options, { data, said })
      await answering(`http://127.0.0.1:${options.port}/readyz`, { child, said })
    },
    kill: () => end('SIGKILL'),
    async close() {
      isClosed = true
      const late = setTimeout(() => void end('SIGKILL'), longestFarewell)
      await end('SIGTERM')
      clearTimeout(late)
      await stopDatabase(join(data, 'postgres'))
    },
  }
}

/** Whoever was about to start it again was interrupted meanwhile: nobody would end what it starts. */
function closed(): RingwayError {
  return new RingwayError({
    code: 'cancelled',
    message: 'The App was closed and is not started again.',
    remedy: 'Type the command again when it should go on.',
  })
}

/** A port of 127.0.0.1 that nobody uses now: GitHub must know where the App listens before it does. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('a server on TCP has a port')
  return address.port
}

function spawnApp(
  { program, port, settings }: AppProcessOptions,
  { data, said }: { readonly data: string; readonly said: string[] },
): ChildProcess {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      LOG_LEVEL: 'warn',
      ...settings,
      PORT: String(port),
      RINGWAY_DATA: data,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const keep = (chunk: unknown): void => {
    said.push(...String(chunk).trimEnd().split('\n'))
    said.splice(0, said.length - keptLines)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return child
}

async function answering(
  url: string,
  { child, said }: { readonly child: ChildProcess; readonly said: readonly string[] },
): Promise<void> {
  const latest = performance.now() + longestStart
  for (;;) {
    const ready = await fetch(url).catch(() => undefined)
    if (ready?.ok === true) return
    if (hasEnded(child) || performance.now() > latest) {
      throw new RingwayError({
        code: 'app_unreachable',
        kind: 'errored',
        message: `The App did not start. It said:\n${said.join('\n')}`,
        remedy: 'Correct what it names, then type the command again.',
      })
    }
    await pause(100)
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** An App that ends stops its database; one that was killed could not. */
async function stopDatabase(directory: string): Promise<void> {
  if (!existsSync(join(directory, 'data', 'postmaster.pid'))) return
  const server = await openEmbeddedServer({ directory })
  await server.stop()
}
