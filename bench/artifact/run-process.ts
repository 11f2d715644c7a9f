import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** What a command did. */
export interface Ran {
  /** Milliseconds from the start of the process to its end. */
  readonly tookMs: number
  readonly output: string
}

/** Runs one program to its end. */
export async function runProcess(program: string, args: readonly string[]): Promise<Ran> {
  const started = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  const tookMs = performance.now() - started
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}: ${complaint}`)
  return { tookMs, output }
}
