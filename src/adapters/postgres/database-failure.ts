import { RingwayError } from '../../domain/ringway-error.ts'

/**
 * What PostgreSQL or the way to it says when we could not ask, with what a person does about it.
 *
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unreachable = [
  {
    codes: /^(?:28|3D)/,
    words: 'refused the user, the password or the name of the database',
    remedy: 'Correct DATABASE_URL.',
  },
  {
    codes: /^53100$/,
    words: 'has no space left on its disk',
    remedy: 'Free some space; nothing that was acknowledged is lost.',
  },
  { codes: /^53/, words: 'has no connections or memory left', remedy: 'Raise max_connections, or run fewer replicas.' },
  {
    codes: /^25006$/,
    words: 'takes no writes',
    remedy: 'Point DATABASE_URL to the primary server, and see that it is not set to read-only.',
  },
  {
    codes: /^(?:55P03|57014|25P03|25P04)$/,
    words: 'did not answer in time',
    remedy: 'Look for what keeps its locks in pg_stat_activity.',
  },
  {
    codes: /^42501$/,
    words: 'does not let the user do this',
    remedy: 'Give the user of DATABASE_URL the right to create schemas in its database.',
  },
  {
    codes: /^(?:08|57P0|58|XX|E[A-Z]+$|lost$)/,
    words: 'cannot be reached',
    remedy: 'See that the server of DATABASE_URL runs; what was not acknowledged is done again when it does.',
  },
] as const

/** 40001 and 40P01: two transactions met, and one was ended so that the other could go on. 55P03: a lock was not had in time. */
const met = new Set(['40001', '40P01', '55P03'])

/** Whether the same transaction may well succeed when it is run again. */
export function isWorthAnotherTry(error: unknown): boolean {
  return met.has(codeOf(error instanceof RingwayError ? error.cause : error) ?? '')
}

/** An error of the database as one for people; any other one as it is. */
export function foreseen(error: unknown): unknown {
  const code = codeOf(error)
  const found = unreachable.find(({ codes }) => code !== undefined && codes.test(code))
  if (found === undefined) return error
  return new RingwayError({
    code: 'database_unreachable',
    message: `The database ${found.words}: ${error instanceof Error ? error.message : String(error)}`,
    remedy: found.remedy,
    facts: { sqlstate: code ?? '' },
    cause: error,
    kind: 'errored',
  })
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  // The driver gives these no code.
  return /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered|was closed))/.test(
    error.message,
  )
    ? 'lost'
    : undefined
}
