import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts'
import { askServer } from '../../src/adapters/postgres/live-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the first test that needs a database starts the server of this run. */
    readonly postgresDirectory: string
  }
}

const prefix = 'ringway-test-postgres-'

/** Gives the tests of a run a place for their server, and leaves no server behind: neither this run's nor that of one that was killed. */
export default async function postgresRun(project: TestProject): Promise<() => Promise<void>> {
  const directory = join(tmpdir(), `${prefix}${process.pid}`)
  await removeRemains()
  project.provide('postgresDirectory', directory)
  return async () => {
    if (!(await isThere(directory))) return
    if (await hasKept(directory))
      process.stderr.write(`The databases of failed tests are kept in ${directory} until the next run.\n`)
    else await removeServer(directory)
  }
}

async function removeRemains(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^ringway-test-postgres-(\d+)$/.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    // What cannot be removed, because another run does so at this moment, is no reason not to test.
    await removeServer(join(tmpdir(), name)).catch((error: unknown) =>
      process.stderr.write(`${name} stays: ${String(error)}\n`),
    )
  }
}

async function removeServer(directory: string): Promise<void> {
  await stopServer(directory)
  await rm(directory, { recursive: true, force: true })
}

async function stopServer(directory: string): Promise<void> {
  const server = await openEmbeddedServer({ directory })
  // A child process that a failed test left behind may still be connected.
  await askServer(
    server.connection,
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
  )
  if (!(await server.stop())) throw new Error(`The server in ${directory} does not stop.`)
}

/** @returns whether databases of failed tests are there; the server is then stopped and its data stay */
async function hasKept(directory: string): Promise<boolean> {
  const server = await openEmbeddedServer({ directory })
  const kept = await askServer(server.connection, `select from pg_namespace where nspname like 'test\\_%' limit 1`)
  if (kept === undefined) return false
  await stopServer(directory)
  return true
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
