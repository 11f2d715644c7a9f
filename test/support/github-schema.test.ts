import { expect, it } from 'vitest'
import { createGithubSchema } from './github-schema.ts'

const exchange = {
  kind: 'api',
  by: 'installation',
  method: 'GET',
  template: '/repos/{owner}/{repo}/git/ref/{ref}',
  url: '/api/v3/repos/acme/shop/git/ref/heads/main',
  requestBody: undefined,
  status: 200,
  responseBody: undefined,
} as const
const ref = {
  ref: 'refs/heads/main',
  node_id: 'x',
  url: 'https://example.com/ref',
  object: { type: 'commit', sha: 'a'.repeat(40), url: 'https://example.com/commit' },
}

it('lets pass what GitHub describes', () => {
  const schema = createGithubSchema()
  schema.observe({ ...exchange, responseBody: ref })
  expect(schema.violations).toEqual([])
})

it.each([
  {
    why: 'a field is missing',
    change: { responseBody: { ...ref, node_id: undefined } },
    says: /required property 'node_id'/,
  },
  { why: 'a field has another type', change: { responseBody: { ...ref, ref: 7 } }, says: /must be string/ },
  { why: 'an address is none', change: { responseBody: { ...ref, url: 'over there' } }, says: /format "uri"/ },
  { why: 'the status is another', change: { status: 201, responseBody: ref }, says: /GitHub answers 200/ },
  {
    why: 'the operation is invented',
    change: { template: '/repos/{x}', responseBody: ref },
    says: /no such operation/,
  },
  {
    why: 'a parameter is invented',
    change: { url: `${exchange.url}?sort=x`, responseBody: ref },
    says: /no parameter "sort"/,
  },
  { why: 'the sandbox broke', change: { status: 500, responseBody: { message: 'oops' } }, says: /oops/ },
  { why: 'a refusal has no message', change: { status: 404, responseBody: {} }, says: /expected \{ message \}/ },
  {
    why: 'a request does not fit',
    change: {
      method: 'POST',
      template: '/repos/{owner}/{repo}/deployments',
      requestBody: { ref: 'main', auto_merge: 'no' },
      status: 202,
      responseBody: { message: 'merged' },
    },
    says: /request: \/auto_merge must be boolean/,
  },
])('objects when $why', ({ change, says }) => {
  const schema = createGithubSchema()
  expect(() => schema.observe({ ...exchange, ...change })).toThrow(says)
  expect(() => schema.assertClean()).toThrow(says)
})

it('objects to a webhook that GitHub does not send, or not like this', () => {
  const schema = createGithubSchema()
  expect(() => schema.observe({ kind: 'webhook', event: 'deployed', payload: {} })).toThrow(/no such webhook/)
  expect(() => schema.observe({ kind: 'webhook', event: 'issue_comment', payload: { action: 'created' } })).toThrow(
    /required property 'comment'/,
  )
})
