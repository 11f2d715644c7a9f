import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGithubCommitStatuses } from '../../../src/adapters/github/commit-statuses.ts'
import { createGithubApp, type GithubApp } from '../../../src/adapters/github/github-app.ts'
import type { GithubClient } from '../../../src/adapters/github/github-client.ts'
import { commitSha } from '../../../src/domain/units.ts'
import { createHandClock, createToldBudget, type HandClock, type ToldBudget } from '../../support/app-on-github.ts'

const api = 'https://api.github.com'
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const secret = 'ghs_eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl_of_five_hundred_and_twenty_characters'

let budget: ToldBudget
let clock: HandClock
let app: GithubApp

beforeEach(() => {
  nock.disableNetConnect()
  budget = createToldBudget()
  clock = createHandClock()
  app = createGithubApp({ appId: 7, privateKey, apiUrl: api, clock, budget })
})
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(pending).toEqual([])
})

const mint = (token = secret): void => {
  nock(api)
    .post('/app/installations/1/access_tokens', body => body.repository_ids[0] === 2)
    .reply(201, {
      token,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      repositories: [{ id: 2, name: 'shop', owner: { login: 'acme' } }],
    })
}
const open = async (): Promise<GithubClient> => {
  mint()
  return await app.clientFor({ tenant: 1, repository: 2 })
}
const ask = (client: GithubClient) => client.read('GET /repos/{owner}/{repo}/a')
const answers = (...replies: [number, unknown?, Record<string, string>?][]): void => {
  for (const [status, body = {}, headers = {}] of replies) {
    nock(api).get('/repos/acme/shop/a').reply(status, Object(body), headers)
  }
}
const secondary = { message: 'You have exceeded a secondary rate limit. Please wait.' }

describe('limits', () => {
  it('a secondary limit is told to the budget, and waited for where that is short', async () => {
    const client = await open()
    answers([403, secondary, { 'retry-after': '7' }], [200])
    await ask(client)
    expect(budget.refusals).toEqual([{ limit: 'secondary', retryAfterMs: 7_000 }])
    expect(clock.slept).toEqual([7_000])
  })

  it.each([
    { title: '403 without retry-after', reply: [403, secondary] as const, limit: 'secondary', retryAfterMs: undefined },
    { title: '429', reply: [429, { message: 'slow' }] as const, limit: 'secondary', retryAfterMs: undefined },
    {
      title: 'the primary limit, until its reset by the clock of GitHub',
      reply: [
        403,
        { message: 'API rate limit exceeded for installation ID 1.' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000600', date: new Date(1_000_000_000).toUTCString() },
      ] as const,
      limit: 'primary',
      retryAfterMs: 600_000,
    },
  ])(
    '$title is told to the budget, and left to whoever does the work again',
    async ({ reply, limit, retryAfterMs }) => {
      const client = await open()
      answers([...reply])
      await expect(ask(client)).rejects.toMatchObject({
        code: 'github_unreachable',
        kind: 'errored',
        facts: { retryAfterMs: retryAfterMs ?? 60_000 },
      })
      expect(budget.refusals).toEqual([{ limit, retryAfterMs }])
      expect(clock.slept).toEqual([])
    },
  )

  it('the budget is asked before every call, what it costs, and nothing is sent before it agrees', async () => {
    const client = await open()
    budget.waits.push(2_000, 500)
    answers([200])
    await ask(client)
    expect(clock.slept).toEqual([2_000, 500])
    nock(api).post('/repos/acme/shop/issues/3/comments').reply(201, {})
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    await client.change({ route, parameters: { issue_number: 3, body: 'x' }, decode: () => true })
    nock(api).delete('/repos/acme/shop/b').reply(204)
    await client.change({ route: 'DELETE /repos/{owner}/{repo}/b', parameters: {}, decode: () => true })
    expect(budget.taken).toEqual(['read', 'content', 'write'].map(kind => ({ tenant: 1, kind })))
    budget.waits.push(600_000)
    await expect(ask(client)).rejects.toMatchObject({ kind: 'errored', facts: { retryAfterMs: 600_000 } })
  })
})

describe('failures', () => {
  it('5xx are asked again, four times at most', async () => {
    const client = await open()
    answers([502], [200])
    expect((await ask(client))?.status).toBe(200)
    answers([500], [502], [503], [504])
    await expect(ask(client)).rejects.toMatchObject({ code: 'github_unreachable', facts: { status: 504 } })
  })

  it('a write whose answer is 502 is looked for, not sent again', async () => {
    const client = await open()
    const identity = { id: 7, slug: 'ringway', login: 'ringway[bot]' }
    const commit = commitSha('a'.repeat(40))
    const status = { context: 'c', state: 'success', description: 'd' } as const
    const creator = { login: 'ringway[bot]', id: 9, type: 'Bot' }
    const list = `/repos/acme/shop/commits/${commit}/statuses?per_page=100`
    nock(api).get(list).reply(200, [])
    nock(api).post(`/repos/acme/shop/statuses/${commit}`).reply(502)
    nock(api)
      .get(list)
      .reply(200, [{ ...status, target_url: null, creator }])
    expect(await createGithubCommitStatuses(client, identity).post({ commit, ...status })).toBe('posted')
  })

  it('401 brings a new token once; a second 401 is an error without the token', async () => {
    const client = await open()
    answers([401, { message: 'Bad credentials' }], [200])
    mint('ghs_second')
    expect((await ask(client))?.status).toBe(200)
    answers([401, { message: 'Bad credentials' }], [401, { message: 'Bad credentials' }])
    mint('ghs_third')
    const error = await ask(client).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'github_denied', facts: { status: 401 } })
  })

  it('no error holds a token or a key', async () => {
    const client = await open()
    answers([403, { message: 'Resource not accessible by integration' }])
    const error = await ask(client).catch((failure: unknown) => failure)
    const whole = inspect(error, { depth: 10, showHidden: true })
    expect(whole).toContain('Resource not accessible')
    expect(whole).not.toContain(secret)
    expect(whole).not.toContain('PRIVATE KEY')
  })

  it('a redirection is never followed as a write: the name is asked for, and the write made there', async () => {
    const client = await open()
    const there = { location: `${api}/repositories/2/b` }
    nock(api).post('/repos/acme/shop/b').reply(301, {}, there)
    nock(api)
      .post('/app/installations/1/access_tokens')
      .reply(201, {
        token: 'ghs_second',
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        repositories: [{ id: 2, name: 'store', owner: { login: 'umbrella' } }],
      })
    nock(api).post('/repos/umbrella/store/b').reply(201, { made: true })
    const route = 'POST /repos/{owner}/{repo}/b'
    expect(await client.change({ route, parameters: {}, decode: data => data })).toEqual({ made: true })
    expect([client.owner, client.repo]).toEqual(['umbrella', 'store'])
  })

  it('404 is the answer while the name is known to be right, and asked about once it is old', async () => {
    const client = await open()
    answers([404])
    expect(await ask(client)).toBeUndefined()
    clock.pass(6 * 60_000)
    answers([404])
    mint('ghs_second')
    expect(await ask(client)).toBeUndefined()
  })

  it('a key that is none is refused at once, and not quoted', () => {
    const create = () => createGithubApp({ appId: 7, privateKey: 'not a key', apiUrl: api, clock, budget })
    expect(create).toThrow(expect.objectContaining({ code: 'input_invalid', remedy: expect.stringContaining('BEGIN') }))
  })
})
