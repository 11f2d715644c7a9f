import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { openEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'

/**
 * Where tests have their databases: `RINGWAY_TEST_DATABASE_URL`, else a server that the first test starts and the end of the run stops.
 * For what a test gives to a process of its own.
 */
export async function testDatabaseUrl(): Promise<string> {
  const given = process.env['RINGWAY_TEST_DATABASE_URL']
  if (given !== undefined) return given
  const { connection } = await openEmbeddedServer({ directory: inject('postgresDirectory') })
  return `postgres://${connection.user}@/${connection.database}?host=${encodeURIComponent(connection.host)}`
}

/**
 * A database with a fresh schema, for one test: it is dropped when the test has ended, and kept when it failed.
 * `beside`: another replica of the App, on the schema of a first one.
 */
export async function openTestDatabase(options: { readonly beside?: Database } = {}): Promise<Database> {
  const schema = options.beside?.schema ?? `test_${randomBytes(6).toString('hex')}`
  const opened = await openDatabase({ url: await testDatabaseUrl() }, { schema })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= opened.close()
    return closing
  }
  onTestFinished(async ({ task }) => {
    await close()
    if (task.result?.state !== 'fail' && options.beside === undefined) await dropSchema(opened)
  })
  return { ...opened, close }
}

/**
 * A database of its own for replicas of the App, which have one schema together; it is dropped when the test has ended.
 *
 * @returns its URL
 */
export async function createTestDatabase(): Promise<string> {
  const server = new Client({ connectionString: await testDatabaseUrl() })
  const name = `test_${randomBytes(6).toString('hex')}`
  await server.connect()
  await server.query(`create database ${name}`)
  onTestFinished(async () => {
    await server.query(`drop database ${name} with (force)`)
    await server.end()
  })
  // Whoever reads it as a URL takes no user without a host.
  return `postgres:///${name}?host=${encodeURIComponent(server.host)}&port=${server.port}&user=${server.user}`
}

async function dropSchema({ connection, schema }: Database): Promise<void> {
  const client = new Client(connection)
  await client.connect()
  try {
    await client.query(`drop schema if exists ${schema}, ${schema}_queue cascade`)
  } finally {
    await client.end()
  }
}
