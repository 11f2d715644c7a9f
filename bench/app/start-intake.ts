import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { close, listen } from '../../test/support/listening.ts'

/** A process that takes deliveries. */
export interface Intake {
  /** Where they are sent. */
  readonly url: string
  /** Resolves when it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** What is started. */
export interface IntakeProgram {
  /** Below the root of the repository, and its arguments. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Milliseconds after which the process ends whatever happens: a benchmark that was killed leaves nothing behind. */
const longestLife = 180_000
const root = join(import.meta.dirname, '..', '..')

/** Starts an intake on a free port of this machine and waits until it answers. */
export async function startIntake({ args, environment }: IntakeProgram): Promise<Intake> {
  const port = await freePort()
  const child = spawn(execPath, [...args], {
    cwd: root,
    env: { PATH: env['PATH'] ?? '', ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: longestLife,
    killSignal: 'SIGKILL',
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  const origin = `http://127.0.0.1:${port}`
  if (!(await answers(origin, child))) throw new Error(`${args.join(' ')} ended before it answered:\n${words}`)
  return {
    url: `${origin}/webhooks`,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

async function answers(origin: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined)
    if (answer !== undefined) return true
    await sleep(50)
  }
  return false
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}
