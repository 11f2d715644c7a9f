import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { runHttpCheck } from '../../../src/adapters/http/http-check.ts'

let server: Server | undefined

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
}

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

describe('an http check', () => {
  it('asks until the service answers as expected', async () => {
    let asked = 0
    const url = await serve((_, response) => response.writeHead(++asked < 3 ? 503 : 200).end('ok'))
    const end = await runHttpCheck({ url: `${url}/healthz`, expect: 200, withinMs: 10_000 })
    expect(end).toMatchObject({ kind: 'passed', attempts: 3, words: `GET ${url}/healthz answered 200` })
  })

  it('fails at the deadline, with the last answer as evidence', async () => {
    const url = await serve((_, response) => response.writeHead(500).end('{"error":"no connector"}'))
    const end = await runHttpCheck({ url, expect: 200, withinMs: 1_200 })
    expect(end).toMatchObject({ kind: 'failed', evidence: '{"error":"no connector"}' })
    expect(end.words).toBe(`GET ${url} answered 500, expected 200`)
    expect(end.attempts).toBeGreaterThan(1)
  })

  it('does not follow a redirect', async () => {
    const url = await serve((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/ok' }).end() : response.writeHead(200).end(),
    )
    expect(await runHttpCheck({ url: `${url}/`, expect: 200, withinMs: 300 })).toMatchObject({ kind: 'failed' })
  })

  it('stops reading an endless body', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      const more = (): void =>
        void (response.write('x'.repeat(16_384)) ? setImmediate(more) : response.once('drain', more))
      more()
    })
    const end = await runHttpCheck({ url, expect: 200, withinMs: 300 })
    expect(end.words).toContain('more than 65536 bytes of body')
  })

  it('does not wait for a service that accepts and never answers', async () => {
    const url = await serve(() => {})
    const end = await runHttpCheck({ url, expect: 200, withinMs: 400 })
    expect(end.kind).toBe('failed')
    expect(end.tookMs).toBeLessThan(3_000)
  })

  it('says why nothing could be reached', async () => {
    const url = await serve(() => {})
    server?.close()
    const end = await runHttpCheck({ url, expect: 200, withinMs: 100 })
    expect(end.words).toMatch(/could not be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)/)
  })
})
