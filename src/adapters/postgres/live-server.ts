import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { z } from 'zod'
import { readPostmasterFile } from './postmaster-file.ts'
import type { ServerDirectory } from './server-directory.ts'

/** How a server of our own is reached: as its user, without a password, because only that user reaches its socket. */
export interface ServerAddress {
  /** The directory of the socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

/** Milliseconds that a server which is there may take until it answers; recovery after a crash reads its log first. */
const patience = 60_000

const row = z.record(z.string(), z.unknown())

/**
 * The server that runs on the data of this directory, and answers. One that is starting or recovering is waited for. Whether its process can
 * be seen does not matter: it may run in another container that shares the directory, and a second server would destroy the data.
 */
export async function liveServer(directory: ServerDirectory): Promise<ServerAddress | undefined> {
  if ((await readPostmasterFile(directory.data)) === undefined) return undefined
  const address = { host: directory.socket, port: 5432, user: 'ringway', database: 'postgres' }
  const began = performance.now()
  for (let pauseMs = 10; performance.now() - began < patience; pauseMs = Math.min(2 * pauseMs, 500)) {
    const found = await whoAnswers(address)
    if (found === 'nobody') return undefined
    if (found !== 'not yet') return found.id === (await identity(directory.data)) ? address : undefined
    await sleep(pauseMs)
  }
  return undefined
}

async function whoAnswers(address: ServerAddress): Promise<'nobody' | 'not yet' | { readonly id: unknown }> {
  try {
    const found = await askServer(address, 'select system_identifier::text as id from pg_control_system()')
    return { id: found?.['id'] }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // 57P03: it is starting, recovering or ending. 53300: all its connections are taken.
    return code === '57P03' || code === '53300' ? 'not yet' : 'nobody'
  }
}

/**
 * What distinguishes these data from all others.
 *
 * Source: the first field of https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_control.h
 */
async function identity(data: string): Promise<string> {
  const control = await readFile(join(data, 'global/pg_control'))
  return (endianness() === 'LE' ? control.readBigUInt64LE(0) : control.readBigUInt64BE(0)).toString()
}

/** One question on a connection of its own. @returns the first row */
export async function askServer(address: ServerAddress, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new Client({ ...address, connectionTimeoutMillis: 5_000, query_timeout: 5_000 })
  // A server that ends closes the connection at a time when nobody waits for anything on it.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(sql)
    return row.optional().parse(rows[0])
  } finally {
    await client.end().catch(() => undefined)
  }
}
