import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunnerTimings } from './timings.ts'

export interface ProcessRequest {
  readonly command: string
  readonly args: readonly string[]
  readonly directory: string
  /** The whole environment: nothing of the sandbox's own reaches the process. */
  readonly environment: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
  readonly cancelled: AbortSignal
  /** Kills at once, without asking first. */
  readonly forced: AbortSignal
  readonly timings: RunnerTimings
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not_started'; readonly message: string }

/**
 * Runs one process of a step to its end.
 *
 * Cancelled, it gets SIGINT, then SIGTERM, then its whole process group SIGKILL. As on GitHub the first two go to the
 * process itself and not to what it started: a program behind a shell does not hear of the cancellation in time.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  if (request.cancelled.aborted) return { kind: 'cancelled' }
  const child = spawn(request.command, request.args, {
    cwd: request.directory,
    env: request.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const lines = [child.stdout, child.stderr].map(stream =>
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', request.onLine),
  )
  const closed = Promise.all(lines.map(line => once(line, 'close')))
  const ended = exitOf(child)
  const stop = () => void endGently(child, request.timings)
  const kill = () => killGroup(child)
  request.cancelled.addEventListener('abort', stop, { once: true })
  request.forced.addEventListener('abort', kill, { once: true })
  try {
    const end = await ended
    await waitAtMost(closed, request.timings.streamsMs)
    return request.cancelled.aborted && end.kind === 'exited' ? { kind: 'cancelled' } : end
  } finally {
    request.cancelled.removeEventListener('abort', stop)
    request.forced.removeEventListener('abort', kill)
    // A process left behind may hold the pipes open for ever; the sandbox must not wait for it, nor keep listening.
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

function exitOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise(resolve => {
    child.once('error', error => resolve({ kind: 'not_started', message: error.message }))
    child.once('exit', (code, signal) => resolve({ kind: 'exited', code: code ?? 128 + signalNumber(signal) }))
  })
}

async function endGently(child: ChildProcess, timings: RunnerTimings): Promise<void> {
  // It has ended, and only its output is still open: its process id may belong to somebody else by now.
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  if (await waitAtMost(exited, timings.interruptMs)) return
  child.kill('SIGTERM')
  if (await waitAtMost(exited, timings.terminateMs)) return
  killGroup(child)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

/** True when `event` came within `ms`. */
async function waitAtMost(event: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController()
  const late = delay(ms, false, { signal: timer.signal, ref: false }).catch(() => false)
  try {
    return await Promise.race([event.then(() => true), late])
  } finally {
    timer.abort()
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  if (signal === 'SIGINT') return 2
  return signal === 'SIGTERM' ? 15 : 9
}
