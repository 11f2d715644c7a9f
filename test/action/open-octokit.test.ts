import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openOctokit } from '../../action/open-octokit.ts'

const asked: string[] = []
const api = createServer((request, response) => {
  asked.push(`${request.headers.authorization} ${request.url}`)
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"default_branch":"main"}')
})
const tunnels: string[] = []
const proxy = createServer().on('connect', (request, socket, head) => {
  tunnels.push(request.url ?? '')
  const upstream = connect(portOf(api), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    upstream.write(head)
    upstream.pipe(socket).pipe(upstream)
  })
})

beforeEach(async () => {
  asked.length = 0
  tunnels.length = 0
  for (const server of [api, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const server of [api, proxy]) {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
})

function portOf(server: typeof api): number {
  const address: AddressInfo | string | null = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('the server listens on no port')
  return address.port
}

it('goes through the proxy of the machine, and asks the same', async () => {
  vi.stubEnv('http_proxy', `http://127.0.0.1:${portOf(proxy)}`)
  // As the runner sets it: the client chooses its way by it when it is loaded.
  vi.stubEnv('GITHUB_API_URL', 'http://github.example/api/v3')
  const octokit = await openOctokit('t0ken', 'http://github.example/api/v3')
  const answer = await octokit.request('GET /repos/{owner}/{repo}', { owner: 'octo', repo: 'shop' })
  expect(answer.data).toEqual({ default_branch: 'main' })
  expect(tunnels).toEqual(['github.example:80'])
  expect(asked).toEqual(['token t0ken /api/v3/repos/octo/shop'])
})

it('asks directly where the machine has no proxy', async () => {
  const octokit = await openOctokit('t0ken', `http://127.0.0.1:${portOf(api)}`)
  await octokit.request('GET /repos/{owner}/{repo}', { owner: 'octo', repo: 'shop' })
  expect(tunnels).toEqual([])
  expect(asked).toEqual(['token t0ken /repos/octo/shop'])
})
