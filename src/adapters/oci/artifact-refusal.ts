import { RingwayError } from '../../domain/ringway-error.ts'

/** An artifact whose layers hold what no artifact of ours does. */
export function refused(rule: string, words: string, cause?: unknown): RingwayError {
  return new RingwayError({
    code: 'artifact_refused',
    message: `The artifact is refused (${rule}): ${words}.`,
    remedy: 'Do not deploy it: find out who wrote it into the store. A new push publishes a sound one.',
    facts: { rule },
    cause,
  })
}
