import { RingwayError } from '../domain/ringway-error.ts'

/** What went wrong, in our words: whatever nobody foresaw is an `internal_error`. */
export function asRingwayError(error: unknown): RingwayError {
  if (error instanceof RingwayError) return error
  return new RingwayError({
    code: 'internal_error',
    kind: 'errored',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Please report this with the log of the run.',
    cause: error,
  })
}
