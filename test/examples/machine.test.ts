import { mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isRunning } from './is-running.ts'
import { type RunningMachine, startMachine } from './running-machine.ts'
import { component, type UnpackedArtifact, writeArtifact } from './unpacked-artifact.ts'

let machine: RunningMachine
let scratch = ''
/** Each test has a ring of its own on the one machine. */
let ring = ''
let tests = 0

beforeAll(async () => {
  machine = await startMachine(['--grace', '5', '--ready', '3'])
})
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ringway-test-'))
  tests += 1
  ring = `ring-${tests}`
  return () => rm(scratch, { recursive: true })
})
afterAll(() => machine.dispose())

const server = `
import { createServer } from 'node:http'
createServer((request, response) => {
  if (request.url === '/slow') return setTimeout(() => response.end(process.env.RINGWAY_VERSION), 600)
  if (request.url === '/env') return response.end(JSON.stringify(process.env))
  if (request.url === '/crash') process.exit(1)
  if (request.url === '/healthz' && process.env.BROKEN === 'true') response.statusCode = 503
  response.end(process.env.RINGWAY_VERSION)
}).listen(process.env.PORT, '127.0.0.1')
`
const web = component({ name: 'web', start: 'node server.mjs', path: '/' })

async function artifact(name: string, more: Partial<UnpackedArtifact> = {}): Promise<UnpackedArtifact> {
  const directory = join(scratch, name)
  await mkdir(directory)
  const files = { 'server.mjs': server, 'name.txt': name }
  return { ...(await writeArtifact({ directory, files, components: [web] })), ...more }
}
const place = (version: string, placed: UnpackedArtifact) =>
  machine.post('place', { ...subject(placed), version, ...placed })
const placed = async (version: string, from: UnpackedArtifact) =>
  z.object({ url: z.string(), isNew: z.boolean() }).parse((await place(version, from)).body)
const subject = ({ digest }: UnpackedArtifact) => ({ solution: 'shop', ring, digest })
const text = async (url: string) => await (await fetch(url)).text()

async function placeAndActivate(version: string): Promise<UnpackedArtifact> {
  const from = await artifact(version)
  expect(await place(version, from)).toMatchObject({ status: 200 })
  expect(await machine.post('activate', subject(from))).toMatchObject({ status: 200 })
  return from
}

describe('placing', () => {
  it('brings a version beside the active one, at a URL of its own', async () => {
    await placeAndActivate('v1')
    const { url } = await placed('v2', await artifact('v2'))

    const { front } = await machine.ring(ring)
    expect(await text(front)).toBe('v1')
    expect(await text(url)).toBe('v2')
  })

  it('is idempotent: the same version stays one set of processes at one URL', async () => {
    const v1 = await artifact('v1')
    const answers = await Promise.all([placed('v1', v1), placed('v1', v1), placed('v1', v1)])
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(answers.map(({ url }) => url)).size).toBe(1)
    expect((await machine.status()).waiting?.filter(({ id }) => id.includes(ring))).toHaveLength(1)
  })

  it('gives a component the configuration of the ring and not the environment of whoever started the machine', async () => {
    const v1 = await artifact('v1', { configuration: { LIMIT: 25, FEATURE_X: true, MACHINE: 'http://secret' } })
    const { url } = await placed('v1', v1)

    const environment = JSON.parse(await text(`${url}env`))
    expect(environment).toMatchObject({ LIMIT: '25', FEATURE_X: 'true', RINGWAY_VERSION: 'v1', RINGWAY_RING: ring })
    expect(environment).not.toHaveProperty('MACHINE')
    expect(environment).not.toHaveProperty('RUNNER_TRACKING_ID')
  })

  it.each([
    { start: 'sleep 90 & echo "child $!"; exit 3', says: /ended before it answered/ },
    { start: 'sleep 90 & echo "child $!"; wait', says: /did not answer within 3 s/ },
  ])('says why a component that runs `$start` did not start, and ends what it started', async ({ start, says }) => {
    const directory = join(scratch, 'bad')
    await mkdir(directory)
    const bad = await writeArtifact({ directory, files: { a: 'a' }, components: [component({ name: 'web', start })] })

    const answer = await place('v1', bad)
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'component_did_not_start', message: expect.stringMatching(says) },
    })
    const { evidence } = z.object({ evidence: z.string() }).parse(answer.body)
    expect(await isRunning(Number(/child ([0-9]+)/.exec(evidence)?.[1]))).toBe(false)
    expect((await machine.status()).waiting?.filter(({ id }) => id.includes(ring))).toEqual([])
  })

  it('refuses files that are not what the manifest says', async () => {
    const v1 = await artifact('altered')
    await rm(join(v1.directory, 'name.txt'))
    await symlink('/etc/hostname', join(v1.directory, 'name.txt'))
    expect(await place('v1', v1)).toMatchObject({ status: 409, body: { code: 'artifact_changed' } })
  })

  it.each([
    { field: 'ring', value: '../../etc' },
    { field: 'digest', value: 'latest' },
    { field: 'version', value: 'v1; reboot' },
    { field: 'directory', value: 'relative' },
    { field: 'configuration', value: { nested: {} } },
  ])('refuses $field $value', async ({ field, value }) => {
    const v1 = await artifact('v1')
    const body = { ...subject(v1), version: 'v1', ...v1, [field]: value }
    expect(await machine.post('place', body)).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  })

  it('refuses a manifest that leads out of the artifact', async () => {
    const v1 = await artifact('escaping')
    const files = v1.manifest.files.map(file => ({ ...file, path: `../${file.path}` }))
    const body = { ...subject(v1), version: 'v1', ...v1, manifest: { ...v1.manifest, files } }
    expect(await machine.post('place', body)).toMatchObject({ status: 400, body: { code: 'bad_path' } })
  })
})

describe('activating', () => {
  it('lets requests that are being answered end on the old version', async () => {
    await placeAndActivate('v1')
    const { front } = await machine.ring(ring)
    const slow = text(`${front}slow`)
    await placeAndActivate('v2')
    expect(await text(front)).toBe('v2')
    expect(await slow).toBe('v1')
  })

  it('keeps one version beside the active one, and takes older ones away', async () => {
    for (const version of ['v1', 'v2', 'v3']) await placeAndActivate(version)
    await expect
      .poll(async () => (await machine.ring(ring)).versions.map(({ version }) => version))
      .toEqual(['v2', 'v3'])
  })

  it('refuses a version that is not placed', async () => {
    const answer = await machine.post('activate', subject(await artifact('v1')))
    expect(answer).toMatchObject({ status: 409, body: { code: 'not_placed', remedy: 'Place it first.' } })
  })
})

describe('removing', () => {
  it('waits for requests that are being answered, and twice is as once', async () => {
    const v1 = await placeAndActivate('v1')
    const { front } = await machine.ring(ring)
    const slow = text(`${front}slow`)
    // The request has to be inside before the version goes.
    await expect.poll(async () => (await machine.ring(ring)).versions[0]?.inFlight).toBe(1)

    expect(await machine.post('remove', subject(v1))).toMatchObject({ status: 200, body: { removed: true } })
    expect((await fetch(front)).status).toBe(503)
    expect(await slow).toBe('v1')
    await expect.poll(async () => (await machine.ring(ring)).versions).toEqual([])
    expect(await machine.post('remove', subject(v1))).toMatchObject({ status: 200, body: { removed: false } })
  })

  it('is called off when the version is placed again meanwhile', async () => {
    const v1 = await placeAndActivate('v1')
    const { front } = await machine.ring(ring)
    const slow = text(`${front}slow`)
    await expect.poll(async () => (await machine.ring(ring)).versions[0]?.inFlight).toBe(1)
    await machine.post('remove', subject(v1))
    expect(await place('v1', v1)).toMatchObject({ body: { isNew: false } })
    await machine.post('activate', subject(v1))
    expect(await slow).toBe('v1')
    expect(await text(front)).toBe('v1')
  })
})

describe('health', () => {
  it('is 503 while a component says so, and names it', async () => {
    const { url } = await placed('v1', await artifact('v1', { configuration: { BROKEN: true } }))
    const answer = await fetch(`${url}healthz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      status: 'unhealthy',
      version: 'v1',
      components: { web: { status: 'unhealthy' } },
    })
  })

  it('starts a component again that ended by itself', async () => {
    await placeAndActivate('v1')
    const { front } = await machine.ring(ring)
    await fetch(`${front}crash`)
    // A request that the dying process had taken already ends with it.
    await expect.poll(() => text(front)).toBe('v1')
    const { versions } = await machine.ring(ring)
    expect(versions).toMatchObject([{ components: [{ name: 'web', restarts: 1 }] }])
  })
})

describe('the control API', () => {
  it('answers nobody without the token, which only the owner can read', async () => {
    const answer = await fetch(`${machine.address()}/v1/status`, { headers: { authorization: 'Bearer wrong' } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'token_expected' })
    expect((await stat(machine.tokenFile)).mode & 0o777).toBe(0o600)
    expect((await stat(machine.home)).mode & 0o777).toBe(0o700)
  })

  it('answers every bad request in its own words', async () => {
    expect(await machine.post('explode', {})).toMatchObject({ status: 404, body: { code: 'unknown_verb' } })
    const authorization = `Bearer ${await readFile(machine.tokenFile, 'utf8')}`
    const notJson = await fetch(`${machine.address()}/v1/place`, {
      method: 'POST',
      headers: { authorization },
      body: '{',
    })
    expect({ status: notJson.status, body: await notJson.json() }).toMatchObject({
      status: 400,
      body: { code: 'not_json' },
    })
  })
})
