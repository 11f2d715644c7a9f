import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { createSystemClock } from '../../../src/adapters/clock/system-clock.ts'
import { createStandardWebhookSender, expectUrl } from '../../../src/adapters/http/standard-webhook.ts'
import { epochMs } from '../../../src/domain/units.ts'
import type { EventMessage, SendOutcome } from '../../../src/ports/event-sender.ts'
import { close, listen } from '../../support/listening.ts'

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const at = epochMs(Date.UTC(2026, 10, 21, 14, 0))

describe('an event on its way to a subscriber', () => {
  const servers: Server[] = []
  const seen: { readonly headers: IncomingHttpHeaders; readonly body: string; readonly path: string }[] = []

  /** A subscriber that answers so; `undefined` never does. */
  async function subscriber(status?: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? '' })
        if (status !== undefined) response.writeHead(status, headers).end('x'.repeat(100_000))
      })
    })
    servers.push(server)
    return `http://127.0.0.1:${await listen(server)}`
  }

  async function send(
    url: string,
    options: { readonly timeoutMs?: number; readonly reach?: 'global' } = {},
  ): Promise<SendOutcome> {
    const clock = createSystemClock()
    const sender = createStandardWebhookSender({ clock, reach: 'global_and_private', ...options })
    return await sender.send(message(url))
  }

  afterEach(async () => {
    seen.length = 0
    await Promise.all(servers.splice(0).map(close))
  })

  it('is signed as the library of Standard Webhooks verifies it, and says what happened', async () => {
    expect(await send(`${await subscriber(204)}/hook`)).toEqual({ kind: 'delivered' })
    const [received] = seen
    if (received === undefined) throw new TypeError('nothing came')
    const headers = Object.fromEntries(
      Object.entries(received.headers).map(([name, value]) => [name, String(value)] as const),
    )
    expect(new Webhook(secret).verify(received.body, headers)).toEqual({
      type: 'deployment.active',
      timestamp: '2026-11-21T14:00:00.000Z',
      data: { deployment: 7, ring: 'production' },
    })
    expect(headers).toMatchObject({ 'webhook-id': 'e-1', 'content-type': 'application/json' })
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/)
    expect(() => new Webhook(secret).verify(`${received.body} `, headers)).toThrow('No matching signature found')
  })

  it('a 410 says that the subscriber is gone', async () => {
    expect(await send(await subscriber(410))).toEqual({ kind: 'gone', words: 'it answered 410: it is gone' })
  })

  it('redirects are not followed', async () => {
    const elsewhere = await subscriber(200)
    const url = await subscriber(302, { location: `${elsewhere}/stolen` })
    expect(await send(url)).toMatchObject({ kind: 'failed', words: 'it answered 302' })
    expect(seen.map(({ path }) => path)).toEqual(['/'])
  })

  it.each([
    { status: 429, header: '120', retryAfter: 120_000, why: 'seconds' },
    { status: 503, header: '99999999', retryAfter: 24 * 3_600_000, why: 'a day at most' },
    { status: 502, header: 'soon', retryAfter: undefined, why: 'nonsense is left out' },
    { status: 504, header: 'Fri, 01 Jan 2021 00:00:00 GMT', retryAfter: undefined, why: 'a past instant' },
  ])('$status with Retry-After: $header asks for a pause ($why)', async ({ status, header, retryAfter }) => {
    expect(await send(await subscriber(status, { 'retry-after': header }))).toEqual({
      kind: 'failed',
      words: `it answered ${status}`,
      retryAfter,
    })
  })

  it('a subscriber that is slow has failed', async () => {
    expect(await send(await subscriber(), { timeoutMs: 50 })).toEqual({
      kind: 'failed',
      words: 'it could not be reached: no answer within 50 ms',
    })
  })

  it('a subscriber that nobody listens at has failed', async () => {
    const url = await subscriber(200)
    await Promise.all(servers.splice(0).map(close))
    expect(await send(url)).toMatchObject({ kind: 'failed', words: expect.stringContaining('ECONNREFUSED') })
  })

  it.each([
    ['http://example.com/', 'an https URL was expected, not http:'],
    ['file:///etc/passwd', 'an https URL was expected, not file:'],
    ['https://127.0.0.1/', '127.0.0.1 leads to a private network'],
    ['https://[::ffff:10.0.0.1]/', 'leads to a private network'],
    ['https://localhost:9/', 'localhost leads to a private network'],
    ['https://169.254.169.254/latest', '169.254.169.254 leads to a link-local address'],
    ['https://metadata.google.internal/', 'metadata.google.internal leads to a link-local address'],
  ])('%s is not told anything', async (url, words) => {
    const outcome = await send(url, { reach: 'global' })
    expect(outcome).toEqual({ kind: 'failed', words: expect.stringContaining(words) })
  })

  it('the metadata service is out of reach even where private addresses are not', () => {
    expect(() => expectUrl('http://169.254.169.254/', 'global_and_private')).toThrow('leads to a link-local address')
    expect(expectUrl('http://10.0.0.1/hook', 'global_and_private').href).toBe('http://10.0.0.1/hook')
  })
})

function message(url: string): EventMessage {
  const data = { deployment: 7, ring: 'production' }
  return { url, secret, id: 'e-1', type: 'deployment.active', at, data }
}
