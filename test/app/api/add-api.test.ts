import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { cursorOf, nextPath, pageOf, pageQuery } from '../../../app/api/page.ts'
import { type ApiRoute, noBody, nothing, publicRoute, repositoryRoute, signedInRoute } from '../../../app/api/route.ts'
import { createRoutes } from '../../../app/api/routes.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import { freshKey, openTestApi, shop, type TestApi, vault } from '../../support/api.ts'

const example = { params: {}, query: {}, body: undefined }
const secret = `ghp_${'s'.repeat(36)}`
const word = z.object({ word: z.string() })
let done = 0
let released = Promise.withResolvers<void>()
const place = cursorOf(z.object({ after: z.int() }))

interface Tree {
  readonly leaves: readonly Tree[]
}
const tree: z.ZodType<Tree> = z.object({ leaves: z.array(z.lazy(() => tree)) })
const dateCodec = { decode: (text: string) => new Date(text), encode: (date: Date) => date.toISOString() }

/** Routes that do what routes can do. */
const probes: readonly ApiRoute[] = [
  signedInRoute({
    id: 'countUp',
    method: 'POST',
    path: '/v1/probe/counts',
    summary: 'Does something that can be counted.',
    params: nothing,
    query: z.strictObject({ pause: z.enum(['yes']).optional() }),
    body: z.strictObject({ text: z.string().max(2_000_000), fail: z.boolean().optional() }),
    status: 201,
    answer: z.object({ done: z.int(), key: z.string().nullable() }),
    example: { params: {}, query: {}, body: { text: 'x' } },
    async handle({ body, query, idempotencyKey }) {
      if (query.pause === 'yes') await released.promise
      if (body.fail === true) throw new RingwayError({ code: 'frozen', message: 'No.', remedy: 'Wait.' })
      done += 1
      return { done, key: idempotencyKey ?? null }
    },
  }),
  publicRoute({
    id: 'leak',
    method: 'GET',
    path: '/v1/probe/leak',
    summary: 'Has more than it says.',
    params: nothing,
    query: nothing,
    body: noBody,
    answer: word,
    example,
    handle: async () => Object.assign({ word: 'said' }, { token: secret }),
  }),
  publicRoute({
    id: 'fail',
    method: 'GET',
    path: '/v1/probe/fail/{how}',
    summary: 'Fails.',
    params: z.object({ how: z.enum(['unforeseen', 'errored', 'wrong']) }),
    query: nothing,
    body: noBody,
    answer: word,
    example: { params: { how: 'wrong' }, query: {}, body: undefined },
    async handle({ params }) {
      if (params.how === 'unforeseen') throw new Error(`the token is ${secret}`)
      const details = {
        code: 'github_unreachable',
        message: 'GitHub is away.',
        remedy: 'Wait.',
        kind: 'errored',
      } as const
      if (params.how === 'errored') throw new RingwayError(details)
      return JSON.parse('{"word": 3}')
    },
  }),
  publicRoute({
    id: 'tree',
    method: 'GET',
    path: '/v1/probe/tree',
    summary: 'An answer that is described by itself.',
    params: nothing,
    query: nothing,
    body: noBody,
    answer: z.object({ any: z.json(), tree, at: z.codec(z.iso.datetime(), z.date(), dateCodec) }),
    example,
    handle: async () => ({ any: [{ a: null }], tree: { leaves: [{ leaves: [] }] }, at: new Date(0) }),
  }),
  publicRoute({
    id: 'numbers',
    method: 'GET',
    path: '/v1/probe/numbers',
    summary: 'The numbers from 1 to 7.',
    params: nothing,
    query: z.strictObject(pageQuery),
    body: noBody,
    answer: pageOf(z.int()),
    example,
    async handle({ query }) {
      const after = place.read(query.cursor)?.after ?? 0
      const rest = [1, 2, 3, 4, 5, 6, 7].filter(number => number > after)
      const items = rest.slice(0, query.limit)
      const cursor = place.write({ after: items.at(-1) ?? 0 })
      const next = rest.length > items.length ? nextPath('/v1/probe/numbers', { cursor, limit: query.limit }) : null
      return { items, next }
    },
  }),
  repositoryRoute({
    id: 'act',
    method: 'POST',
    path: '/v1/probe/{owner}/{repo}:act',
    summary: 'A path with a colon of its own.',
    params: z.object({ owner: z.string(), repo: z.string() }),
    query: nothing,
    body: noBody,
    answer: z.object({ repository: z.int(), role: z.string() }),
    example: { params: { owner: 'acme', repo: 'shop' }, query: {}, body: undefined },
    handle: async ({ who }) => ({ repository: who.repository.repository, role: who.role }),
  }),
]

let api: TestApi
beforeAll(async () => {
  api = await openTestApi(services => [...createRoutes(services), ...probes])
})
afterAll(() => api.close())

describe('the description of the API', () => {
  it('is OpenAPI 3.1, describes every route and itself, and says who may call it', async () => {
    const { body } = await api.ask('GET /v1/openapi.json')
    expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Ringway' } })
    expect(api.description.operations).toEqual(
      expect.arrayContaining(['GET /v1/me', 'GET /v1/openapi.json', 'POST /v1/probe/counts']),
    )
    expect(Object(body).paths['/v1/me'].get).toMatchObject({
      operationId: 'whoAmI',
      'x-ringway-access': 'signed_in',
      security: [{ token: [] }],
    })
    expect(Object(body).paths['/v1/openapi.json'].get.security).toEqual([])
    const [owner] = Object(body).paths['/v1/probe/{owner}/{repo}:act'].post.parameters
    expect(owner).toEqual({ name: 'owner', in: 'path', required: true, schema: { type: 'string' }, example: 'acme' })
  })
  it('would not let an answer pass that it does not describe', () => {
    const headers = new Headers({ 'content-type': 'application/json' })
    const exchange = { method: 'GET', path: '/v1/probe/leak', status: 200, headers }
    expect(() => api.description.check({ ...exchange, body: { word: 3 } })).toThrow('word')
    expect(() => api.description.check({ ...exchange, status: 202, body: {} })).toThrow('problem+json')
    expect(() => api.description.check({ ...exchange, body: { word: 'said' } })).not.toThrow()
  })
})

describe('[M19] GET /v1/me', () => {
  it('says who a person is, and their role in repositories with the App and in no others', async () => {
    const roles = new Map([[shop.repository, 'write'] as const, [12_345, 'admin'] as const])
    const token = api.person({ id: 42, login: 'alice', roles })
    expect((await api.ask('GET /v1/me', { token })).body).toEqual({
      kind: 'user',
      id: 42,
      login: 'alice',
      may_write: true,
      items: [{ id: 99, full_name: 'acme/shop', role: 'write' }],
      next: null,
    })
  })
  it('comes in pages', async () => {
    const roles = new Map([[shop.repository, 'write'] as const, [vault.repository, 'read'] as const])
    const token = api.person({ roles })
    const first = await api.ask('GET /v1/me?limit=1', { token })
    expect(first.body).toMatchObject({ items: [{ full_name: 'acme/shop' }] })
    const second = await api.ask(`GET ${String(Object(first.body).next)}`, { token })
    expect(second.body).toMatchObject({ items: [{ full_name: 'globex/vault', role: 'read' }], next: null })
  })
  it('says which run a run is', async () => {
    expect((await api.ask('GET /v1/me', { token: await api.run() })).body).toMatchObject({
      kind: 'run',
      repository_id: 99,
      run_id: 1234,
      environment: 'production',
    })
  })
})

describe('who somebody is', () => {
  it.each([
    { what: 'nothing', header: undefined, words: 'no `Authorization: Bearer' },
    { what: 'a password', header: 'Basic YTpi', words: 'no `Authorization: Bearer' },
    { what: 'a word', header: 'Bearer hello', words: 'none of the kinds' },
    { what: 'a secret of something else', header: `Bearer sk-ant-${'x'.repeat(40)}`, words: 'none of the kinds' },
    { what: 'the token of a job', header: `Bearer ghs_${'x'.repeat(36)}`, words: 'says nothing of who uses it' },
    { what: 'the same of 2026', header: `Bearer ghs_${'x'.repeat(36)}.eyJ.sig`, words: 'says nothing of who uses it' },
    { what: "the token of an App's sign-in", header: `Bearer ghu_${'x'.repeat(36)}`, words: 'says nothing of' },
    { what: 'a token nobody knows', header: `Bearer ghp_${'n'.repeat(36)}`, words: 'GitHub does not know' },
    { what: 'a JSON web token of somebody else', header: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x', words: 'RS256' },
  ])('$what is a 401 that says what to send', async ({ header, words }) => {
    const headers: Record<string, string> = header === undefined ? {} : { authorization: header }
    const answer = await api.ask('GET /v1/me', { headers })
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="ringway"')
    expect(Object(answer.body).detail).toContain(words)
    expect(Object(answer.body).remedy).toMatch(/gh auth token|token of your own|id-token: write/)
    expect(JSON.stringify(answer.body)).not.toContain(header?.slice(-20) ?? secret)
  })
  it('E92: the token of a run is good for one request', async () => {
    const token = await api.run()
    expect((await api.ask('GET /v1/me', { token })).status).toBe(200)
    expect(await api.ask('GET /v1/me', { token })).toMatchObject({ status: 409, body: { code: 'token_replayed' } })
  })
})

describe('a request that does not fit', () => {
  it('is told everything that is wrong with it, and no value', async () => {
    const token = api.person({})
    const answer = await api.ask('POST /v1/probe/counts?pause=no&other=1', { token, body: { text: 7, more: secret } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
    expect(Object(answer.body).problems.map((each: { where: string }) => each.where)).toEqual([
      'query.pause',
      'query',
      'body.text',
      'body',
    ])
    expect(JSON.stringify(answer.body)).not.toContain(secret)
  })
  it.each([
    { what: 'no JSON', body: '{', status: 400 },
    { what: 'a key that would change every object', body: '{"text":"x","__proto__":{"isAdmin":true}}', status: 400 },
    { what: 'a constructor', body: '{"text":"x","constructor":{"prototype":{"a":1}}}', status: 400 },
    { what: 'nothing', body: '', status: 400 },
    { what: 'more than a megabyte', body: JSON.stringify({ text: 'x'.repeat(1_048_577) }), status: 413 },
  ])('with $what is a $status', async ({ body, status }) => {
    const answer = await api.ask('POST /v1/probe/counts', { token: api.person({}), body })
    expect(answer).toMatchObject({ status, body: { code: 'request_invalid' } })
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    'of type %s is a 415',
    async type => {
      const options = { token: api.person({}), body: '{"text":"x"}', headers: { 'content-type': type } }
      expect((await api.ask('POST /v1/probe/counts', options)).status).toBe(415)
    },
  )
  it.each(['GET /v1/nothing', 'DELETE /v1/me', 'GET /v1/probe/acme/shop:other', 'GET /v1/me/'])(
    '%s is at no address',
    async route => {
      expect(await api.ask(route, { token: api.person({}) })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
    },
  )
  it('and one whose path has a colon arrives', async () => {
    const token = api.person({ role: 'triage' })
    expect((await api.ask('POST /v1/probe/acme/shop:act', { token })).body).toEqual({ repository: 99, role: 'triage' })
  })
})

describe('an answer', () => {
  it('holds what is described and nothing else, and is kept by nobody', async () => {
    const { body, headers } = await api.ask('GET /v1/probe/leak')
    expect(body).toEqual({ word: 'said' })
    expect(headers.get('cache-control')).toBe('no-store')
  })
  it('is in its form on the wire, and may be described by itself', async () => {
    const { body } = await api.ask('GET /v1/probe/tree')
    expect(body).toEqual({ any: [{ a: null }], tree: { leaves: [{ leaves: [] }] }, at: '1970-01-01T00:00:00.000Z' })
    const headers = new Headers({ 'content-type': 'application/json' })
    const wrong = { ...Object(body), tree: { leaves: [{ leaves: [{}] }] } }
    expect(() =>
      api.description.check({ method: 'GET', path: '/v1/probe/tree', status: 200, headers, body: wrong }),
    ).toThrow('leaves')
  })
  it.each([
    { how: 'unforeseen', status: 500, code: 'internal_error' },
    { how: 'wrong', status: 500, code: 'internal_error' },
    { how: 'errored', status: 503, code: 'github_unreachable' },
  ])('to what is $how is a $status without what is inside', async ({ how, status, code }) => {
    const answer = await api.ask(`GET /v1/probe/fail/${how}`)
    expect(answer).toMatchObject({ status, body: { code, request_id: expect.stringMatching(/.+/) } })
    expect(JSON.stringify(answer.body)).not.toMatch(/ghp_|Error|word/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

describe('pages', () => {
  it('lead to one another until all was seen', async () => {
    const seen: number[] = []
    let next: unknown = '/v1/probe/numbers?limit=3'
    while (typeof next === 'string') {
      const { body } = await api.ask(`GET ${next}`)
      seen.push(...Object(body).items)
      next = Object(body).next
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7])
  })
  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'cursor=x', 'cursor=e30', `cursor=${'x'.repeat(1_025)}`])(
    'with %.20s are a 400',
    async query => {
      const answer = await api.ask(`GET /v1/probe/numbers?${query}`)
      expect(answer).toMatchObject({ status: 400, body: { problems: [{ where: expect.stringMatching(/^query\./) }] } })
    },
  )
})

describe('a request that is sent again', () => {
  const body = { text: 'x' }
  const send = (token: string, key: string, sent: object = body): ReturnType<TestApi['ask']> =>
    api.ask('POST /v1/probe/counts', { token, body: sent, headers: { 'idempotency-key': key } })

  it('E94: with the same key and body is answered as the first time, and done once', async () => {
    const [token, key, before] = [api.person({}), freshKey(), done]
    const first = await send(token, key)
    expect(first).toMatchObject({ status: 201, body: { done: before + 1, key: expect.stringContaining(key) } })
    const again = await send(token, key, { text: 'x' })
    expect([again.status, again.body]).toEqual([first.status, first.body])
    expect(done).toBe(before + 1)
  })
  it('E94: with the same key and another body is a 422', async () => {
    const [token, key] = [api.person({}), freshKey()]
    await send(token, key)
    const other = await send(token, key, { text: 'y' })
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })
  it('keys of two people are two keys', async () => {
    const [key, before] = [freshKey(), done]
    await Promise.all([send(api.person({}), key), send(api.person({}), key)])
    expect(done).toBe(before + 2)
  })
  it('while it is being answered is told so', async () => {
    const [token, key] = [api.person({}), freshKey()]
    released = Promise.withResolvers()
    const ask = (): ReturnType<TestApi['ask']> =>
      api.ask('POST /v1/probe/counts?pause=yes', { token, body, headers: { 'idempotency-key': key } })
    const first = ask()
    const second = await Promise.race([first, ask()])
    expect(second).toMatchObject({ status: 409, body: { code: 'request_in_progress' } })
    released.resolve()
    expect((await first).status).toBe(201)
    expect((await ask()).body).toEqual((await first).body)
  })
  it('after a refusal is tried again', async () => {
    const [token, key] = [api.person({}), freshKey()]
    const failing = { text: 'x', fail: true }
    expect(await send(token, key, failing)).toMatchObject({ status: 409, body: { code: 'frozen' } })
    expect(await send(token, key, failing)).toMatchObject({ status: 409, body: { code: 'frozen' } })
    expect((await send(token, key)).status).toBe(201)
  })
  it('without a key is done twice', async () => {
    const [token, before] = [api.person({}), done]
    await api.ask('POST /v1/probe/counts', { token, body })
    await api.ask('POST /v1/probe/counts', { token, body })
    expect(done).toBe(before + 2)
  })

  it.each(['', 'x'.repeat(256), 'x'.repeat(10_000), 'schlüssel', 'tab\there'])(
    'E95: the key "%.20s" is a 400',
    async key => {
      expect(await send(api.person({}), key)).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
    },
  )
  it('E95: a key with CR or LF is a 400', async () => {
    for (const key of ['a\rb', 'a\nb', 'a\0b']) {
      const head = await sendRaw(
        api.url,
        `POST /v1/probe/counts HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${key}\r\n\r\n`,
      )
      expect(head).toMatch(/^HTTP\/1\.1 400 /)
    }
  })
})

/** What fetch would not send. @returns the first line of the answer */
async function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) {
    answer += String(chunk)
    if (answer.includes('\n')) break
  }
  socket.destroy()
  return answer.split('\n')[0] ?? ''
}
