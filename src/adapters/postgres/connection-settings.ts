import { randomBytes } from 'node:crypto'
import { type PoolConfig, types } from 'pg'
import type { ServerAddress } from './live-server.ts'

/**
 * Limits of every session, in milliseconds. A replica that freezes within a transaction keeps its locks for `idleInTransaction` and no longer;
 * who waits for one waits longer than that, so that it gets it.
 */
const limits = { connect: 10_000, idleInTransaction: 5_000, lock: 8_000, statement: 15_000 }

const sessionSettings = [
  `-c idle_in_transaction_session_timeout=${limits.idleInTransaction}`,
  `-c lock_timeout=${limits.lock}`,
  `-c statement_timeout=${limits.statement}`,
  '-c synchronous_commit=on',
  '-c timezone=UTC',
]

/** One name for each process, so that a list of connections tells who has them. */
export const applicationName = `ringway ${process.pid}-${randomBytes(4).toString('hex')}`

/**
 * How clients connect: with the limits above, and with `schema` as the place where tables are.
 *
 * @throws {RangeError} when `schema` is no name
 */
export function connectionSettings(server: string | ServerAddress, schema: string): PoolConfig {
  // It stands in SQL and in the options of a connection, each with other rules for other characters.
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema))
    throw new RangeError(`A schema is named by small letters, digits and underscores, not "${schema}".`)
  const { address, options } = typeof server === 'string' ? ofUrl(server) : { address: server, options: '' }
  return {
    ...address,
    application_name: applicationName,
    connectionTimeoutMillis: limits.connect,
    keepAlive: true,
    options: [options, `-c search_path=${schema}`, ...sessionSettings].join(' ').trim(),
    types: {
      getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? integer : types.getTypeParser(oid, format)),
    },
  }
}

/** What a URL says overrides what is said beside it, so the options that it brings are taken out of it and put before ours. */
function ofUrl(url: string): { readonly address: PoolConfig; readonly options: string } {
  const found = /[?&]options=([^&]*)/.exec(url)
  if (found === null) return { address: { connectionString: url }, options: '' }
  const without = url.replace(/([?&])options=[^&]*(?:&|$)/, '$1')
  return { address: { connectionString: without }, options: decodeURIComponent(found[1] ?? '') }
}

/** GitHub's ids and our counters are far below 2^53. */
function integer(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The database holds ${text}, which is no safe integer.`)
  return value
}
