import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestIdentityToken } from '../../../src/adapters/actions/identity-token.ts'
import { close, listen } from '../../support/listening.ts'

let asked: { readonly url: string | undefined; readonly authorization: string | undefined }[]
let answer: { readonly status: number; readonly body: string }
let environment: Record<string, string>
const github = createServer((request, response) => {
  asked.push({ url: request.url, authorization: request.headers.authorization })
  response.writeHead(answer.status).end(answer.body)
})

beforeEach(async () => {
  asked = []
  answer = { status: 200, body: '{"value":"e30.e30.c2ln","count":12}' }
  environment = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${await listen(github)}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
  }
})
afterEach(() => close(github))

const request = () => requestIdentityToken('https://ringway.example:8443', { environment, ask: fetch })

it('asks for a token for the App and for nobody else', async () => {
  expect(await request()).toBe('e30.e30.c2ln')
  const url = '/token?api-version=2.0&audience=https%3A%2F%2Fringway.example%3A8443'
  expect(asked).toEqual([{ url, authorization: 'Bearer of-the-job' }])
})

it.each(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'])(
  'says which permission a job without %s lacks',
  async name => {
    delete environment[name]
    await expect(request()).rejects.toMatchObject({
      code: 'unauthenticated',
      kind: 'failed',
      remedy: expect.stringContaining('id-token: write'),
    })
    expect(asked).toEqual([])
  },
)

describe('an answer that is none may be one the next time', () => {
  it.each([
    { what: 'an error', status: 500, body: '' },
    { what: 'a page', status: 200, body: '<html>' },
    { what: 'no token', status: 200, body: '{"value":""}' },
    { what: 'something else', status: 200, body: '[1]' },
  ])('$what', async ({ status, body }) => {
    answer = { status, body }
    await expect(request()).rejects.toMatchObject({ code: 'github_unreachable', kind: 'errored' })
  })

  it('nothing at all', async () => {
    environment['ACTIONS_ID_TOKEN_REQUEST_URL'] = 'http://127.0.0.1:1/token?api-version=2.0'
    await expect(request()).rejects.toMatchObject({ code: 'github_unreachable', kind: 'errored' })
  })
})
