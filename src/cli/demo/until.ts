import { setTimeout as pause } from 'node:timers/promises'
import { RingwayError } from '../../domain/ringway-error.ts'

const betweenLooksMs = 50
const patienceMs = 120_000

/**
 * Resolves once something is so.
 *
 * @param what - the rest of a sentence that begins with *It was not seen that*
 */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const latest = performance.now() + patienceMs
  while (!isSo()) {
    if (performance.now() > latest) throw unexpected(`it was not seen that ${what}`)
    await pause(betweenLooksMs)
  }
}

/** The demonstration cannot go on. */
export function unexpected(words: string): RingwayError {
  return new RingwayError({
    code: 'internal_error',
    message: `The demonstration did not go as it should: ${words}.`,
    remedy: 'Please report this with everything that was printed.',
  })
}
