import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openFetch } from '../../action/open-fetch.ts'
import { close, listen } from '../support/listening.ts'

const tunnels: string[] = []
let appPort = 0
const app = createServer((request, response) => response.end(`${request.method} ${request.url}`))
const proxy = createServer().on('connect', (request, socket, head) => {
  tunnels.push(request.url ?? '')
  const upstream = connect(appPort, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    upstream.write(head)
    upstream.pipe(socket).pipe(upstream)
  })
})

beforeEach(async () => {
  tunnels.length = 0
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']) {
    vi.stubEnv(name, '')
  }
  appPort = await listen(app)
  vi.stubEnv('http_proxy', `http://127.0.0.1:${await listen(proxy)}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await close(app)
  await close(proxy)
})

const ask = async (host: string): Promise<string> => {
  const send = await openFetch()
  const request = { method: 'POST', headers: {}, redirect: 'manual', signal: AbortSignal.timeout(5_000) } as const
  return await (await send(`http://${host}/v1/runs`, request)).text()
}

it('goes through the proxy of the machine', async () => {
  expect(await ask('ringway.example')).toBe('POST /v1/runs')
  expect(tunnels).toEqual(['ringway.example:80'])
})

it('leaves out the proxy where the machine says so', async () => {
  vi.stubEnv('no_proxy', '127.0.0.1')
  expect(await ask(`127.0.0.1:${appPort}`)).toBe('POST /v1/runs')
  expect(tunnels).toEqual([])
})

it('asks directly where the machine has no proxy', async () => {
  vi.stubEnv('http_proxy', '')
  expect(await ask(`127.0.0.1:${appPort}`)).toBe('POST /v1/runs')
  expect(tunnels).toEqual([])
})
