import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')

/** How the program ended. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
  /** The one JSON document that it printed; throws when it printed none, or more. */
  json(): Record<string, unknown>
}

/** The program while it runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** What whoever runs the tests may have set, and what must not reach the program. */
const credentials = /^(?:GITHUB_|GH_|RINGWAY_|ACTIONS_|GIT_)/

/** Starts the real program. */
export function startRingway(
  directory: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !credentials.test(name))
  const nobody = { GIT_CONFIG_GLOBAL: '/dev/null', GH_CONFIG_DIR: '/dev/null' }
  const env = { ...Object.fromEntries(inherited), ...nobody, ...variables }
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = [collectText(child.stdout), collectText(child.stderr)]
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === null) reject(new Error(`ringway ${args.join(' ')} was ended by ${String(signal)}: ${err()}`))
      else resolve({ code, out: out(), err: err(), json: () => JSON.parse(out()) })
    })
  })
  return { child, ended }
}

/** Runs the real program to its end. */
export function ringway(
  directory: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return startRingway(directory, args, variables).ended
}

function collectText(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}
