import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type EmbeddedServer, openEmbeddedServer } from '../../../src/adapters/postgres/embedded-server.ts'
import { askServer } from '../../../src/adapters/postgres/live-server.ts'
import { openDatabase } from '../../../src/adapters/postgres/open-database.ts'
import { startReplica } from '../../support/replica.ts'

const run = promisify(execFile)
let founded = ''

// The making of the data takes most of a start, and most tests are not about that.
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'ringway-founded-'))
  await chmod(home, 0o755)
  founded = join(home, 'postgres')
  await (await openEmbeddedServer({ directory: founded })).stop()
  return () => rm(home, { recursive: true, force: true })
})

/** Below a directory that any user may pass. Its server is stopped at the end. */
async function emptyDirectory(name = 'postgres'): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ringway-embedded-'))
  await chmod(home, 0o755)
  const directory = join(home, name)
  onTestFinished(async () => {
    const running = await stat(join(directory, 'data/postmaster.pid')).catch(() => undefined)
    if (running !== undefined) await (await openEmbeddedServer({ directory })).stop()
    await rm(home, { recursive: true, force: true })
  })
  return directory
}

async function foundedDirectory(name?: string): Promise<string> {
  const directory = await emptyDirectory(name)
  await run('cp', ['-a', founded, directory])
  return directory
}

async function pidOf(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(directory, 'data/postmaster.pid'), 'utf8'), 10)
}

function setting(server: EmbeddedServer, name: string): Promise<unknown> {
  return askServer(server.connection, `select current_setting('${name}') as value`).then(row => row?.['value'])
}

describe('the embedded server', () => {
  it('keeps what was committed, listens on no port, and lets nobody else near its data and its socket', async () => {
    const directory = await emptyDirectory()
    const server = await openEmbeddedServer({ directory })
    expect(server.adopted).toBe(false)
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses']
    expect(await Promise.all(names.map(name => setting(server, name)))).toEqual(['on', 'on', 'on', ''])
    const modes = await Promise.all(
      [server.connection.host, join(directory, 'data')].map(async path => (await stat(path)).mode & 0o777),
    )
    expect(modes).toEqual([0o700, 0o700])
  })

  it('outlives an App that is killed; the next one adopts it and finds every acknowledged row', async () => {
    const directory = await foundedDirectory()
    const replica = startReplica('writeRows', directory)
    await replica.line(/^adopted false$/)
    await replica.line(/^wrote 50$/)
    await replica.kill()

    const server = await openEmbeddedServer({ directory })
    expect(server.adopted).toBe(true)
    const database = await openDatabase({ embedded: directory })
    const shape = z.object({ number: z.number() })
    const kept = new Set(
      (await database.query(shape, 'select number from written')).map(({ number }) => `wrote ${number}`),
    )
    expect(replica.said.filter(line => line.startsWith('wrote') && !kept.has(line))).toEqual([])
    await database.close()
    await expect(pidOf(directory)).rejects.toThrow('ENOENT')
  })

  it('is stopped by the last App that uses it, not by the first that ends', async () => {
    const directory = await foundedDirectory()
    const [first, other] = [await openDatabase({ embedded: directory }), startReplica('writeRows', directory)]
    await other.line(/^adopted true$/)
    await first.close()
    expect(await pidOf(directory)).toBeGreaterThan(0)
    await other.line(/^wrote /)
    await other.kill()
    const last = await openDatabase({ embedded: directory })
    await last.close()
    await expect(pidOf(directory)).rejects.toThrow('ENOENT')
  })

  it('is started once by those who open it at the same time', async () => {
    const directory = await emptyDirectory()
    const servers = await Promise.all([1, 2, 3].map(() => openEmbeddedServer({ directory })))
    expect(await Promise.all(servers.map(server => setting(server, 'data_directory')))).toEqual(
      servers.map(() => join(directory, 'data')),
    )
  })

  it('is started again by the App that it vanished from', async () => {
    const directory = await foundedDirectory()
    const database = await openDatabase({ embedded: directory })
    await database.execute('create table kept as select 1 as number')
    process.kill(await pidOf(directory), 'SIGKILL')
    await expect.poll(() => database.execute('select from kept').catch(() => 'gone'), { timeout: 10_000 }).toBe(1)
    await database.close()
  })

  it('starts although its old process number belongs to another process now', async () => {
    const directory = await foundedDirectory()
    const server = await openEmbeddedServer({ directory })
    const file = join(directory, 'data/postmaster.pid')
    const lines = (await readFile(file, 'utf8')).split('\n')
    expect(await server.stop()).toBe(true)
    await writeFile(file, [String(process.ppid), ...lines.slice(1)].join('\n'))
    const again = await openEmbeddedServer({ directory })
    expect(again.adopted).toBe(false)
  })

  it('has its socket in a short place where the path to its data is too long for one', async () => {
    const directory = await foundedDirectory('x'.repeat(120))
    const server = await openEmbeddedServer({ directory })
    expect(server.connection.host.length).toBeLessThan(80)
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700)
    expect(await setting(server, 'data_directory')).toBe(join(directory, 'data'))
    await server.stop()
    await rm(server.connection.host, { recursive: true, force: true })
  })

  it('says what to do when the data are of another major version', async () => {
    const directory = await foundedDirectory()
    const server = await openEmbeddedServer({ directory })
    await server.stop()
    await writeFile(join(directory, 'data/PG_VERSION'), '14\n')
    await expect(openEmbeddedServer({ directory })).rejects.toMatchObject({
      code: 'database_incompatible',
      message: expect.stringContaining('another major version'),
      remedy: expect.stringContaining('DATABASE_URL'),
    })
  })

  it('says what to do when its directory is a file', async () => {
    const directory = await emptyDirectory()
    await writeFile(directory, '')
    await expect(openEmbeddedServer({ directory })).rejects.toMatchObject({
      code: 'database_unreachable',
      kind: 'errored',
    })
  })

  it.runIf(process.getuid?.() === 0)('says what to do when the disk is full', async () => {
    const directory = await emptyDirectory()
    const disk = join(directory, '..')
    await run('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=755', 'tmpfs', disk])
    onTestFinished(async () => {
      await run('umount', ['-l', disk])
    })
    await expect(openEmbeddedServer({ directory })).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('full'),
      remedy: expect.stringContaining('Free some space'),
    })
  })
})
