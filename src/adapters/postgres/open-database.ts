import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { connectionSettings } from './connection-settings.ts'
import type { Database, Queries, Transaction, TransactionOptions } from './database.ts'
import { foreseen, isWorthAnotherTry } from './database-failure.ts'
import { type EmbeddedServer, openEmbeddedServer } from './embedded-server.ts'
import type { ServerAddress } from './live-server.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/migrations.ts'
import { checkServerVersion } from './server-version.ts'

/** Where the database is: a directory for a server of our own, or the URL of one that is there, version 15 or later. */
export type DatabaseSource = { readonly embedded: string } | { readonly url: string }

/** What may differ between databases on one server. */
export interface DatabaseOptions {
  /** Small letters, digits and underscores. @default 'ringway' */
  readonly schema?: string
  /** The most connections at once. @default 10 */
  readonly connections?: number
}

const attempts = 5

/**
 * Opens the store and brings its schema up to date.
 *
 * @throws {RingwayError} `database_unreachable` or `database_incompatible`
 */
export async function openDatabase(source: DatabaseSource, options: DatabaseOptions = {}): Promise<Database> {
  const schema = options.schema ?? 'ringway'
  const { address, server } = await reach(source)
  const connection = connectionSettings(address, schema)
  const pool = new Pool({ ...connection, max: options.connections ?? 10 })
  // Connections that nobody uses break when the server restarts: the pool replaces them.
  pool.on('error', () => undefined)
  const database = createDatabase({ pool, connection, schema, server })
  try {
    await checkServerVersion(database)
    await migrate(database, migrations)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function reach(source: DatabaseSource): Promise<{ address: string | ServerAddress; server?: EmbeddedServer }> {
  if ('url' in source) return { address: source.url }
  const server = await openEmbeddedServer({ directory: source.embedded })
  return { address: server.connection, server }
}

interface Opened {
  readonly pool: Pool
  readonly connection: PoolConfig
  readonly schema: string
  readonly server: EmbeddedServer | undefined
}

function createDatabase({ pool, connection, schema, server }: Opened): Database {
  const withClient = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await connect(pool, server).catch((error: unknown) => {
      throw foreseen(error)
    })
    let broken: Error | undefined
    // Emitted between statements when the server ends the connection; the next statement then fails by itself.
    const onError = (error: Error): void => {
      broken = error
    }
    client.on('error', onError)
    try {
      return await work(client)
    } catch (error) {
      throw foreseen(error)
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }
  return {
    pool,
    connection,
    schema,
    query: (shape, sql, values) => withClient(client => queriesOf(client).query(shape, sql, values)),
    execute: (sql, values) => withClient(client => queriesOf(client).execute(sql, values)),
    transaction: (work, options) =>
      retried(() => withClient(client => runTransaction(client, { schema, work, options }))),
    close: async () => {
      await pool.end()
      await server?.stop()
    },
  }
}

async function connect(pool: Pool, server: EmbeddedServer | undefined): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    if (server === undefined) throw error
    await server.revive()
    return pool.connect()
  }
}

function queriesOf(client: PoolClient): Queries {
  return {
    query: async (shape, sql, values = []) => {
      const { rows } = await client.query<Record<string, unknown>>(sql, [...values])
      return rows.map(row => shape.parse(row))
    },
    execute: async (sql, values = []) => (await client.query(sql, [...values])).rowCount ?? 0,
  }
}

interface Run<T> {
  readonly schema: string
  readonly work: (tx: Transaction) => Promise<T>
  readonly options: TransactionOptions | undefined
}

async function runTransaction<T>(client: PoolClient, { schema, work, options }: Run<T>): Promise<T> {
  await client.query(`BEGIN ISOLATION LEVEL ${(options?.isolation ?? 'read committed').toUpperCase()}`)
  try {
    const result = await work({ schema, ...queriesOf(client) })
    const { command } = await client.query('COMMIT')
    // To a transaction in which a statement failed PostgreSQL answers a commit with a rollback, and calls that no error.
    if (command !== 'COMMIT') throw new TypeError('A statement of the transaction failed, and its error was swallowed.')
    return result
  } catch (error) {
    // Fails where the connection is gone: then the server rolls back.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (attempt === attempts || !isWorthAnotherTry(error)) throw error
      await sleep(5 * 2 ** attempt * Math.random())
    }
  }
}
