import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningMachine, startMachine } from './running-machine.ts'
import { component, type UnpackedArtifact, writeArtifact } from './unpacked-artifact.ts'

let machine: RunningMachine
let scratch = ''
const versions: UnpackedArtifact[] = []

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ringway-test-'))
  // Nothing but the active version is kept: each switch also takes the old version away, under load.
  machine = await startMachine(['--keep', '0'])
  for (const name of ['v1', 'v2']) {
    const files = { 'server.mjs': `const name = '${name}'\n${server}` }
    versions.push(await writeArtifact({ directory: join(scratch, name), files, components: [web] }))
  }
})
afterAll(async () => {
  await machine.dispose()
  await rm(scratch, { recursive: true })
})

// It answers after a while and echoes its body, so that at every switch some requests are half way.
const server = `
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
createServer(async (request, response) => {
  if (request.url === '/never') return
  const chunks = await request.toArray()
  await pause(Math.random() * 15)
  response.write(name + ' ')
  await pause(Math.random() * 15)
  response.end(Buffer.concat(chunks))
}).listen(process.env.PORT, '127.0.0.1')
`
const web = component({ name: 'web', start: 'node server.mjs', path: '/' })

async function deploy(number: number): Promise<void> {
  const artifact = versions[number % 2]
  const subject = { solution: 'shop', ring: 'production', digest: artifact?.digest }
  const placed = await machine.post('place', { ...subject, version: `v${(number % 2) + 1}`, ...artifact })
  expect(placed).toMatchObject({ status: 200 })
  expect(await machine.post('activate', subject)).toMatchObject({ status: 200 })
}

interface Answer {
  readonly status: number | undefined
  readonly text: string
}

function post(url: string, { agent, body }: { agent: Agent | false; body: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent })
    sent.once('error', reject)
    sent.once('response', response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode, text }))
    })
    sent.end(body)
  })
}

describe('switching under load', () => {
  it('drops no request and mixes no two versions, on kept and on fresh connections', async () => {
    await deploy(0)
    const { front } = await machine.ring('production')
    const kept = new Agent({ keepAlive: true })
    const seen = new Set<string>()
    let isOver = false
    let answered = 0
    const client = async (agent: Agent | false): Promise<void> => {
      while (!isOver) {
        const body = `request ${answered}`
        const { status, text } = await post(front, { agent, body })
        expect({ status, text }).toEqual({ status: 200, text: expect.stringMatching(`^v[12] ${body}$`) })
        seen.add(text.slice(0, 2))
        answered += 1
      }
    }
    const switchSixTimes = async (): Promise<void> => {
      for (let number = 1; number <= 6; number += 1) {
        await deploy(number)
        const enough = answered + 40
        while (answered < enough) await pause(5)
      }
    }
    const agents = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? kept : (false as const)))
    const clients = Promise.all(agents.map(client))
    // A client that fails must fail the test at once, not after the last switch.
    await Promise.race([clients, switchSixTimes()])
    isOver = true
    await clients
    kept.destroy()

    expect([...seen].sort()).toEqual(['v1', 'v2'])
  })

  it('reaches the next request on a connection that is kept', async () => {
    await deploy(0)
    const { front } = await machine.ring('production')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await post(front, { agent, body: '' })).toMatchObject({ text: 'v1 ' })
    const [connection] = Object.values(agent.freeSockets).flat()
    await deploy(1)
    expect(await post(front, { agent, body: '' })).toMatchObject({ text: 'v2 ' })
    expect(Object.values(agent.freeSockets).flat()).toEqual([connection])
    agent.destroy()
  })

  it('stops working for a client that is gone', async () => {
    await deploy(0)
    const { front } = await machine.ring('production')
    const inFlight = async () => (await machine.ring('production')).versions[0]?.inFlight
    const sent = get(`${front}never`)
    sent.on('error', () => {})
    await expect.poll(inFlight).toBe(1)
    sent.destroy()
    await expect.poll(inFlight).toBe(0)
  })
})
