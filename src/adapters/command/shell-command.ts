import { type ChildProcess, spawn } from 'node:child_process'
import { StringDecoder } from 'node:string_decoder'

/** A command line of the ring file, to be run. */
export interface ShellCommand {
  readonly line: string
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  /** Called with each line that it prints, as it prints it. */
  readonly onLine: (line: string) => void
}

/** How a command ended. */
export interface CommandEnd {
  readonly kind: 'exited' | 'timed_out' | 'aborted' | 'not_started'
  readonly exitCode: number
  /** The last lines that it printed. */
  readonly tail: string
  readonly tookMs: number
}

const tailLines = 40
const tailCharacters = 4_000

/**
 * Runs a command line of the ring file in a shell of its own. The line comes from the default branch and is never put together from
 * text of a user: what differs from run to run is in the environment.
 */
export function runShellCommand(command: ShellCommand): Promise<CommandEnd> {
  const started = performance.now()
  const tail: string[] = []
  // A group of its own, so that whatever it starts ends with it.
  const child = spawn('/bin/sh', ['-c', command.line], {
    cwd: command.directory,
    env: command.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const keep = (line: string): void => {
    command.onLine(line)
    tail.push(line)
    if (tail.length > tailLines) tail.shift()
  }
  readLines(child.stdout, keep)
  readLines(child.stderr, keep)

  return new Promise(resolve => {
    let kind: CommandEnd['kind'] = 'exited'
    const stop = (why: 'timed_out' | 'aborted'): void => {
      kind = why
      endGroup(child)
    }
    const abort = (): void => stop('aborted')
    const timer = setTimeout(() => stop('timed_out'), command.deadlineMs)
    command.signal?.addEventListener('abort', abort, { once: true })
    if (command.signal?.aborted === true) abort()
    const end = (exitCode: number): void => {
      clearTimeout(timer)
      command.signal?.removeEventListener('abort', abort)
      const text = tail.join('\n').slice(-tailCharacters)
      resolve({ kind, exitCode, tail: text, tookMs: Math.round(performance.now() - started) })
    }
    child.on('error', error => {
      kind = 'not_started'
      tail.push(error.message)
      end(127)
    })
    child.on('close', (code, signal) => end(code ?? (signal === null ? 1 : 128)))
  })
}

/** Asks the whole group to end, and makes it end after five seconds. */
function endGroup(child: ChildProcess): void {
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // The group is gone already.
    }
  }
  signalGroup('SIGTERM')
  const force = setTimeout(() => signalGroup('SIGKILL'), 5_000)
  child.on('close', () => clearTimeout(force))
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
