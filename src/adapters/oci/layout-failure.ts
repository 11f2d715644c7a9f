import { RingwayError } from '../../domain/ringway-error.ts'

/** Whether `error` is one of the operating system with this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}

/** What a person can do about each kind of trouble with a directory. */
export function layoutFailure(location: string, cause: unknown): RingwayError {
  if (cause instanceof RingwayError) return cause
  const words = cause instanceof Error ? cause.message : String(cause)
  if (hasCode(cause, 'EACCES', 'EPERM', 'EROFS')) {
    return new RingwayError({
      code: 'store_denied',
      message: `${location} may not be used: ${words}.`,
      remedy: 'Give the user that runs Ringway the right to write to the directory.',
      facts: { location },
      cause,
    })
  }
  return new RingwayError({
    code: 'store_unreachable',
    message: `${location} could not be used: ${words}.`,
    remedy: hasCode(cause, 'ENOSPC', 'EDQUOT')
      ? 'Free space on the disk that holds the directory, and try again.'
      : 'See that the path is a directory on a disk that works, and try again.',
    facts: { location },
    cause,
    kind: 'errored',
  })
}
