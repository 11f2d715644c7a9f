import { RingwayError } from '../domain/ringway-error.ts'
import { exitCodeOf } from './exit-code.ts'

/** Where a command prints: words for people, or one JSON document for programs. */
export interface Terminal {
  readonly json: boolean
  /** A line for people; nothing with `--json`. */
  say(line: string): void
  /** What is going on, on the error stream, so that it never mixes with a result. */
  progress(line: string): void
  /** The one result of the command: printed with `--json` only. */
  result(value: unknown): void
}

/** Prints to this process's streams. */
export function createTerminal(options: { readonly json: boolean }): Terminal {
  return {
    json: options.json,
    say: line => void (options.json || process.stdout.write(`${line}\n`)),
    progress: line => void process.stderr.write(`${line}\n`),
    result: value => void (options.json && process.stdout.write(`${JSON.stringify(value)}\n`)),
  }
}

/** Runs a command and ends with its exit code; an error is said with what to do about it. */
export async function runCommand(terminal: Terminal, command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    process.exitCode = sayFailure(terminal, error)
  }
}

/**
 * Says why a command ended, and gives its exit code.
 *
 * @param more - what else programs are told, such as the problems of each file
 */
export function sayFailure(terminal: Terminal, error: unknown, more: Readonly<Record<string, unknown>> = {}): number {
  const known = error instanceof RingwayError ? error : undefined
  const message = error instanceof Error ? error.message : String(error)
  terminal.progress(`ringway: ${message}`)
  if (known !== undefined) terminal.progress(known.remedy)
  else terminal.progress(error instanceof Error ? (error.stack ?? '') : '')
  terminal.result({
    ok: false,
    reason_code: known?.code ?? 'internal_error',
    message,
    remedy: known?.remedy ?? 'Please report this.',
    ...more,
  })
  return exitCodeOf(error)
}
