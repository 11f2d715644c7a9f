import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRunning } from './is-running.ts'
import { type RunningMachine, startMachine } from './running-machine.ts'
import { component, writeArtifact } from './unpacked-artifact.ts'

let machine: RunningMachine
let scratch = ''

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ringway-test-'))
  machine = await startMachine()
})
afterEach(async () => {
  await machine.dispose()
  await rm(scratch, { recursive: true })
})

const server = `
import { createServer } from 'node:http'
createServer((_, response) => response.end(process.env.RINGWAY_VERSION)).listen(process.env.PORT, '127.0.0.1')
`
const text = async (url: string) => await (await fetch(url)).text()

async function deploy(version: string, start = 'node server.mjs'): Promise<void> {
  const web = component({ name: 'web', start, path: '/' })
  const files = { 'server.mjs': server, version }
  const artifact = await writeArtifact({ directory: join(scratch, version), files, components: [web] })
  const subject = { solution: 'shop', ring: 'production', digest: artifact.digest }
  expect(await machine.post('place', { ...subject, version, ...artifact })).toMatchObject({ status: 200 })
  expect(await machine.post('activate', subject)).toMatchObject({ status: 200 })
}

const processes = async () =>
  (await machine.ring('production')).versions.flatMap(({ components }) => components.flatMap(({ pid }) => pid ?? []))

describe('a machine that is killed', () => {
  it('is restored by the next start: the same addresses, the same active version, the same versions beside it', async () => {
    await deploy('v1')
    await deploy('v2')
    const before = await machine.ring('production')
    const address = machine.address()
    const orphans = await processes()
    await machine.crash()

    await machine.start()
    const after = await machine.ring('production')
    expect(machine.address()).toBe(address)
    expect(await text(after.front)).toBe('v2')
    const lasting = (ring: typeof before) => ({
      front: ring.front,
      active: ring.active,
      versions: ring.versions.map(({ id, url, state }) => ({ id, url, state })),
    })
    expect(lasting(after)).toEqual(lasting(before))
    for (const { url, version } of after.versions) expect(await text(url)).toBe(version)
    // Those of the killed machine are gone, and not merely forgotten.
    expect(await Promise.all(orphans.map(isRunning))).toEqual([false, false])
  })

  it('says what it left running, and stop ends that', async () => {
    await deploy('v1')
    const orphans = await processes()
    await machine.crash()
    await expect
      .poll(() => machine.status())
      .toMatchObject({
        running: false,
        orphans: [{ pid: orphans[0], words: 'shop/production web' }],
      })
    expect((await machine.command('status')).output).toContain('these processes of it still run')

    expect((await machine.command('stop')).output).toContain('1 processes that it had left behind were ended')
    await expect.poll(() => Promise.all(orphans.map(isRunning))).toEqual([false])
  })

  it('in the middle of placing a version begins that version anew', async () => {
    await deploy('v1')
    // It never answers, so the machine is killed while it waits.
    const placing = deploy('v2', 'sleep 60').catch(() => 'cut off')
    await expect
      .poll(async () => (await machine.status()).rings?.[0]?.versions.map(({ state }) => state))
      .toContain('starting')
    await machine.crash()
    expect(await placing).toBe('cut off')

    await machine.start()
    expect((await machine.ring('production')).versions.map(({ version }) => version)).toEqual(['v1'])
    expect((await machine.command('stop')).exitCode).toBe(0)
    expect(await machine.status()).toMatchObject({ running: false, orphans: [] })
  })

  it('leaves a file of another process alone whose number was given out again', async () => {
    await deploy('v1')
    const [pid = 0] = await processes()
    await machine.crash()
    const entry = join(machine.home, 'processes', `${pid}.json`)
    await writeFile(
      entry,
      (await readFile(entry, 'utf8')).replace(/"identity":".*"/, '"identity":"of an earlier boot"'),
    )
    await machine.command('stop')
    expect(await isRunning(pid)).toBe(true)
    process.kill(-pid, 'SIGKILL')
  })
})

describe('a machine that is stopped', () => {
  it('takes everything with it, and start brings all of it back', async () => {
    await deploy('v1')
    const { front } = await machine.ring('production')
    const running = await processes()
    await machine.command('stop')
    expect(await Promise.all(running.map(isRunning))).toEqual([false])
    await expect(fetch(front)).rejects.toThrow('fetch failed')

    await machine.start()
    expect(await text(front)).toBe('v1')
  })

  it('is started once, however often it is asked to', async () => {
    const { pid } = await machine.status()
    expect((await machine.command('start', '--port', '0')).output).toContain(`runs already at ${machine.address()}`)
    expect(await machine.status()).toMatchObject({ pid })
    expect(await machine.command('run', '--port', '0')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('runs already, as process'),
    })
  })
})

describe('the command line', () => {
  it.each([
    { words: ['start', '--keep', 'two'], says: '--keep: expected a whole number from 0 to 100; two came.' },
    { words: ['start', '--front', 'production'], says: '--front: expected <solution>/<ring>=<port>' },
  ])('refuses $words', async ({ words, says }) => {
    expect(await machine.command(...words)).toMatchObject({ exitCode: 1, output: expect.stringContaining(says) })
  })

  it('does not carry the mark of a job on', async () => {
    const { pid } = await machine.status()
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('RUNNER_TRACKING_ID')
  })
})
