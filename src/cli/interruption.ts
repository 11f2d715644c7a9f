import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RingwayError } from '../domain/ringway-error.ts'

/** What work that can be interrupted gets. */
export interface Surroundings {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** A directory of this command alone, gone when it ends. */
  readonly room: string
}

/** Milliseconds for the work to end by itself; then the process ends all the same. */
const patienceMs = 10_000

/** Does work that leaves nothing behind: on Ctrl-C, it is asked to stop, and its directory goes. A second Ctrl-C does not wait. */
export async function withInterruption<T>(work: (surroundings: Surroundings) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const room = mkdtempSync(join(tmpdir(), 'ringway-'))
  const clear = (): void => rmSync(room, { recursive: true, force: true })
  const endAtOnce = (): void => {
    clear()
    process.exit(exitCodeOfSignal)
  }
  const interrupt = (): void => {
    if (stop.signal.aborted) endAtOnce()
    stop.abort(interrupted())
    setTimeout(endAtOnce, patienceMs).unref()
  }
  for (const name of signals) process.on(name, interrupt)
  try {
    return await work({ signal: stop.signal, room })
  } catch (error) {
    // What was stopped may fail in any way; the reason is the one that the person knows.
    throw stop.signal.aborted ? interrupted() : error
  } finally {
    for (const name of signals) process.off(name, interrupt)
    clear()
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** As shells say that a command was ended by Ctrl-C. */
const exitCodeOfSignal = 130

function interrupted(): RingwayError {
  return new RingwayError({
    code: 'cancelled',
    message: 'It was interrupted; nothing is left behind.',
    remedy: 'Type the command again when it should go on.',
  })
}
