import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readGraph } from '../../src/config/read-graph.ts'
import { copyExample, type ExampleRepository } from './example-repository.ts'
import { type BuiltVersion, type RingOnMachine, ringOnMachine, urlOf } from './ring-on-machine.ts'
import { type RunningMachine, startMachine } from './running-machine.ts'

let example: ExampleRepository
let machine: RunningMachine
const built: Record<string, BuiltVersion> = {}
const ownTests: Record<string, string> = {}

beforeAll(async () => {
  example = await copyExample('support-desk')
  machine = await startMachine()
  const changes = {
    v1: undefined,
    v2: 'v2-refunds-in-cents.patch',
    v3: 'v3-limit-in-euros.patch',
    v4: 'no-change.patch',
  }
  for (const [version, change] of Object.entries(changes)) {
    if (change !== undefined) await example.apply(change)
    if (version !== 'v4') ownTests[version] = await example.build()
    built[version] = { version, artifact: await example.unpack() }
  }
})
afterAll(async () => {
  await machine.dispose()
  await example.dispose()
})

const version = (name: string): BuiltVersion => {
  const found = built[name]
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
const ringOf = (ring: string): RingOnMachine => ringOnMachine({ example, machine, ring })

async function ask(url: string, body?: unknown) {
  const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) }
}

/** Deploys as the Action does: place beside, check, activate. */
async function deploy(ring: RingOnMachine, name: string, previous?: string): Promise<string> {
  const url = urlOf(await ring.place(version(name), previous === undefined ? undefined : version(previous)))
  expect(await ring.check(version(name), url)).toMatchObject({ kind: 'passed' })
  expect(await ring.activate(version(name))).toEqual({ kind: 'done' })
  return url
}

describe('the support desk', () => {
  it.each(['v1', 'v2', 'v3'])('passes its own tests as %s: they do not find what is wrong with v2', name => {
    expect(ownTests[name]).toMatch(/(ℹ|#) fail 0/)
    expect(Number(/(?:ℹ|#) pass ([0-9]+)/.exec(ownTests[name] ?? '')?.[1])).toBeGreaterThan(10)
  })

  it('draws its workflow as a graph whose connections fit', async () => {
    const [graph = ''] = example.solution.components.flatMap(({ graph }) => graph ?? [])
    const read = readGraph(await readFile(join(version('v1').artifact.directory, graph), 'utf8'), graph)
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const { nodes, edges } = read.value
    const port = (end: string, side: 'inputs' | 'outputs') => {
      const [node, name = ''] = end.split('.')
      return nodes.find(({ id }) => id === node)?.[side][name]
    }
    expect(edges.map(({ to }) => port(to, 'inputs'))).toEqual(edges.map(({ from }) => port(from, 'outputs')))
    expect(edges.flatMap(({ from }) => port(from, 'outputs') ?? [])).toHaveLength(edges.length)
  })

  it('has a change that leaves the artifact as it is', () => {
    expect(version('v4').artifact.digest).toBe(version('v3').artifact.digest)
    expect(new Set(['v1', 'v2', 'v3'].map(name => version(name).artifact.digest)).size).toBe(3)
  })

  it('[M10] goes where the name of the ring says, with what that ring is configured to do', async () => {
    for (const name of ['dev', 'staging', 'production']) await deploy(ringOf(name), 'v1')

    const fronts = await Promise.all(['dev', 'staging', 'production'].map(name => ringOf(name).front()))
    expect(new Set(fronts).size).toBe(3)
    const policies = await Promise.all(fronts.map(async front => (await ask(`${front}healthz`)).body))
    expect(policies).toMatchObject([
      { ring: 'dev', version: 'v1', components: { refund: { autorefund: false } } },
      { ring: 'staging', version: 'v1', components: { refund: { autorefund: true, limit: 25 } } },
      { ring: 'production', version: 'v1', components: { refund: { autorefund: true, limit: 50 } } },
    ])
  })

  it('is healthy as v2 in dev and breaks under the configuration of staging, where v1 is put back', async () => {
    await deploy(ringOf('dev'), 'v2', 'v1')

    const staging = ringOf('staging')
    const url = urlOf(await staging.place(version('v2'), version('v1')))
    const outcome = await staging.check(version('v2'), url)
    expect(outcome).toMatchObject({ kind: 'failed', words: expect.stringContaining('answered 503, expected 200') })
    expect(outcome.evidence).toContain('AUTOREFUND_LIMIT_CENTS: FEATURE_AUTOREFUND is on')

    expect(await staging.restore(version('v1'), version('v2'))).toMatchObject({ kind: 'done' })
    expect(await ask(`${await staging.front()}healthz`)).toMatchObject({ status: 200, body: { version: 'v1' } })
    await expect.poll(() => fetch(url).catch(() => 'gone')).toBe('gone')
  })

  it('works as v3 everywhere, and its agent calls code, connector, model and workflow of its own version', async () => {
    for (const name of ['dev', 'staging', 'production']) await deploy(ringOf(name), 'v3', 'v1')

    const front = await ringOf('production').front()
    expect(await ask(`${front}triage`, { ticket: '1002' })).toMatchObject({
      status: 200,
      body: { version: 'v3', category: 'refund', refund: { decision: 'refunded' } },
    })
    expect(await ask(`${front}triage`, { ticket: '1003' })).toMatchObject({
      body: { refund: { decision: 'needs_person' } },
    })
    expect(await ask(`${front}refund/policy`)).toMatchObject({ body: { withoutPerson: 'up to 50.00 EUR' } })
    expect(await ask(`${front}triage`, { ticket: '9999' })).toMatchObject({
      status: 400,
      body: { message: /no ticket 9999/ },
    })
  })

  it('answers as its schemas say', async () => {
    const front = await ringOf('production').front()
    const asked = {
      triage: { ticket: '1001' },
      refund: { order: 'A-1', amount: 10, reason: 'damaged' },
      classify: { subject: 'Parcel', text: 'late' },
    }
    for (const { name, input, output } of version('v3').artifact.manifest.components) {
      if (input === undefined || output === undefined) continue
      const body = Object.entries(asked).find(([component]) => component === name)?.[1]
      const validate = (schema: object | boolean, value: unknown) =>
        new Ajv2020({ strict: false }).validate(schema, value)
      expect(validate(input, body)).toBe(true)
      const answer = await ask(`${front}${name}`, body)
      expect({ name, isValid: validate(output, answer.body), answer }).toMatchObject({
        isValid: true,
        answer: { status: 200 },
      })
    }
    expect.assertions(2 * Object.keys(asked).length)
  })

  it('goes back in production to a version whose processes are gone, and forward again', async () => {
    const production = ringOf('production')
    const front = await production.front()
    await machine.post('remove', { solution: 'support', ring: 'production', digest: version('v1').artifact.digest })
    expect(await production.restore(version('v1'), version('v3'))).toMatchObject({ kind: 'done' })
    expect(await ask(`${front}healthz`)).toMatchObject({ body: { version: 'v1' } })
    await deploy(production, 'v3', 'v1')
    expect(await ask(`${front}healthz`)).toMatchObject({ body: { version: 'v3' } })
    expect(await production.front()).toBe(front)
  })

  it('is taken away when there is nothing to restore, and twice is as once', async () => {
    const dev = ringOf('dev')
    expect(await dev.remove(version('v3'))).toEqual({ kind: 'done' })
    expect((await fetch(await dev.front())).status).toBe(503)
    await expect.poll(async () => (await machine.ring('dev')).versions.map(each => each.version)).not.toContain('v3')
    expect(await dev.remove(version('v3'))).toEqual({ kind: 'done' })
    expect(dev.printed.at(-1)).toContain('nothing to take away')
  })
})

describe('on a machine without Python', () => {
  it('comes up, says what is missing, and answers with what it has', async () => {
    const bare = await startMachine([], { PATH: '/nonexistent' })
    try {
      const dev = ringOnMachine({ example, machine: bare, ring: 'dev' })
      const url = urlOf(await dev.place(version('v3')))
      expect(await ask(`${url}healthz`)).toMatchObject({
        status: 200,
        body: {
          status: 'degraded',
          components: { classify: { status: 'degraded', why: 'it needs python3, which is not on this machine' } },
        },
      })
      expect(await ask(`${url}classify`, {})).toMatchObject({ status: 503, body: { code: 'program_missing' } })
      expect(await ask(`${url}triage`, { ticket: '1002' })).toMatchObject({
        body: { category: 'refund', classifiedBy: expect.stringContaining('keywords, because /classify answered 503') },
      })
    } finally {
      await bare.dispose()
    }
  })
})
