import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { addHealthRoutes, type Need } from '../../../app/http/health-routes.ts'
import { HttpRefusal } from '../../../app/http/http-refusal.ts'
import { type OpenServer, openServer, type ServerLimits } from '../../../app/http/open-server.ts'
import { openLog } from '../../../app/log/open-log.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'

const open: OpenServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(server => server.close()))
})

async function serve(
  addRoutes: (server: FastifyInstance) => void,
  options: { limits?: Partial<ServerLimits>; level?: 'info' | 'debug' } = {},
): Promise<{ server: OpenServer; log: Record<string, unknown>[] }> {
  const log: Record<string, unknown>[] = []
  const sink = { write: (line: string) => void log.push(JSON.parse(line)) }
  const server = await openServer({
    host: '127.0.0.1',
    port: 0,
    log: openLog({ level: options.level ?? 'info', secrets: [], sink }),
    addRoutes,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  open.push(server)
  return { server, log }
}

const json = async (url: string): Promise<[number, unknown]> => {
  const answer = await fetch(url)
  return [answer.status, await answer.json()]
}

describe('health', () => {
  const present: Need = { name: 'database', check: async () => {} }
  it('/healthz says that the process is up, whatever is missing', async () => {
    const { server } = await serve(routes => addHealthRoutes(routes, [missing('database', 'refused')]))
    expect(await json(`${server.url}/healthz`)).toEqual([200, { status: 'up' }])
  })

  it('/readyz says that everything is there', async () => {
    const { server } = await serve(routes => addHealthRoutes(routes, [present]))
    expect(await json(`${server.url}/readyz`)).toEqual([200, { status: 'ready' }])
  })

  it('/readyz names everything that is missing, also what does not answer at all', async () => {
    const silent: Need = { name: 'queue', check: () => new Promise(() => {}) }
    const { server } = await serve(routes =>
      addHealthRoutes(routes, [present, missing('GitHub', 'no answer yet'), silent], 50),
    )
    expect(await json(`${server.url}/readyz`)).toMatchObject([
      503,
      {
        code: 'not_ready',
        missing: [
          { name: 'GitHub', reason: 'no answer yet' },
          { name: 'queue', reason: 'no answer within 50 ms' },
        ],
      },
    ])
  })
})

describe('refusals', () => {
  it('say what was expected, what came and what to do, and can be found in the log', async () => {
    const { server, log } = await serve(routes => {
      routes.get('/no', () => {
        throw new HttpRefusal({
          status: 429,
          code: 'too_busy',
          message: 'Too much.',
          remedy: 'Wait.',
          headers: { 'retry-after': '3' },
        })
      })
      routes.get('/later', () => {
        throw new RingwayError({ code: 'store_unreachable', kind: 'errored', message: 'No store.', remedy: 'Wait.' })
      })
      routes.get('/never', () => {
        throw new RingwayError({ code: 'frozen', message: 'The ring is frozen.', remedy: 'Wait for Monday.' })
      })
    })
    const answer = await fetch(`${server.url}/no?token=very-secret`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
    const document = await answer.json()
    expect(document).toEqual({
      type: 'urn:ringway:reason:too_busy',
      title: 'Too much came at once.',
      status: 429,
      detail: 'Too much.',
      code: 'too_busy',
      remedy: 'Wait.',
      request_id: expect.stringMatching(/^[0-9a-f]{8}-\d+$/),
    })
    expect(log.at(-1)).toMatchObject({ reqId: Object(document).request_id, path: '/no', status: 429, msg: 'Too much.' })
    expect((await json(`${server.url}/later`))[0]).toBe(503)
    expect((await json(`${server.url}/never`))[0]).toBe(409)
    expect((await json(`${server.url}/nowhere`))[0]).toBe(404)
  })

  it('of what nobody foresaw say nothing of it; the log does', async () => {
    const { server, log } = await serve(routes => {
      routes.get('/bug', () => {
        throw new TypeError('cannot read properties of the customer 4711')
      })
    })
    const [status, document] = await json(`${server.url}/bug`)
    expect(status).toBe(500)
    expect(JSON.stringify(document)).not.toContain('4711')
    expect(log.at(-1)).toMatchObject({
      level: 'error',
      err: { message: 'cannot read properties of the customer 4711' },
    })
  })

  it('cover what the framework refuses', async () => {
    const { server } = await serve(routes => {
      routes.post('/json', () => ({}))
    })
    const send = (body: string, type = 'application/json'): Promise<Response> =>
      fetch(`${server.url}/json`, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await send('{')).status).toBe(400)
    expect((await send('x', 'image/png')).status).toBe(415)
    const large = await send(JSON.stringify('x'.repeat(1_100_000)))
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'request_invalid', remedy: 'Send less.' }])
  })
})

describe('the log of requests', () => {
  it('has a line for each at level debug, without the query, and none at info', async () => {
    for (const [level, lines] of [
      ['debug', 1],
      ['info', 0],
    ] as const) {
      const { server, log } = await serve(routes => addHealthRoutes(routes, []), { level })
      await fetch(`${server.url}/healthz?code=very-secret`)
      await expect.poll(() => log.filter(line => line['msg'] === 'answered').length).toBe(lines)
      expect(JSON.stringify(log)).not.toContain('very-secret')
    }
  })
})

describe('closing', () => {
  it('lets what is under way finish, and takes nothing new', async () => {
    const gate = Promise.withResolvers<string>()
    const entered = Promise.withResolvers<void>()
    const { server } = await serve(routes => {
      routes.get('/slow', () => {
        entered.resolve()
        return gate.promise
      })
    })
    const slow = fetch(`${server.url}/slow`)
    await entered.promise
    const closing = server.close()
    await expect
      .poll(() =>
        fetch(server.url).then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('refused')
    gate.resolve('done')
    expect(await (await slow).text()).toBe('done')
    await closing
  })

  it('cuts what takes too long', async () => {
    const { server, log } = await serve(
      routes => {
        routes.get('/endless', () => new Promise(() => {}))
      },
      { limits: { farewell: 100 } },
    )
    const endless = fetch(`${server.url}/endless`).then(
      () => 'answered',
      () => 'cut',
    )
    await sleep(30)
    await server.close()
    expect(await endless).toBe('cut')
    expect(log.at(-1)).toMatchObject({ level: 'warn' })
  })
})

function missing(name: string, reason: string): Need {
  return { name, check: () => Promise.reject(new Error(reason)) }
}
