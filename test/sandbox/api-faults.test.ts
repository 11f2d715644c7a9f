import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { ApiFault } from '../../src/sandbox/faults/api-fault.ts'
import { type Answer, openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

let github: RehearsedGithub

beforeAll(async () => {
  github = await openRehearsedGithub()
})
afterEach(() => github.sandbox.faults.api.clear())
afterAll(() => github.close())

const on = 'POST /repos/{owner}/{repo}/issues'

function fail(fault: ApiFault): void {
  github.sandbox.faults.api.add(fault)
}

function openIssue(): Promise<Answer> {
  return github.as(github.carol)('POST /repos/acme/shop/issues', { title: 'x' })
}

it('a 5xx before the effect leaves nothing behind', async () => {
  const before = github.repository.issues.size
  fail({ on, kind: 'error', status: 503, when: 'before', times: 1 })
  expect((await openIssue()).status).toBe(503)
  expect(github.repository.issues.size).toBe(before)
  expect((await openIssue()).status).toBe(201)
})

it('a 502 after the effect leaves it behind', async () => {
  const before = github.repository.issues.size
  fail({ on, kind: 'error', status: 502, when: 'after', times: 1 })
  expect((await openIssue()).status).toBe(502)
  expect(github.repository.issues.size).toBe(before + 1)
})

it.each(['before', 'after'] as const)('a connection cut %s the effect', async when => {
  const before = github.repository.issues.size
  fail({ on, kind: 'cut', when, times: 1 })
  await expect(openIssue()).rejects.toThrow(/fetch failed/)
  expect(github.repository.issues.size).toBe(when === 'after' ? before + 1 : before)
})

it('rate limits, with and without the time to wait', async () => {
  fail({ on, kind: 'secondary_rate_limit', status: 403, times: 1 })
  fail({ on, kind: 'secondary_rate_limit', status: 429, retryAfterSeconds: 7, times: 1 })
  fail({ on, kind: 'primary_rate_limit', status: 403, resetInSeconds: 60, times: 1 })
  const [silent, told, primary] = [await openIssue(), await openIssue(), await openIssue()]
  expect([silent.status, silent.headers.get('retry-after')]).toEqual([403, null])
  expect(silent.body).toMatchObject({ message: expect.stringContaining('secondary rate limit') })
  expect([told.status, told.headers.get('retry-after')]).toEqual([429, '7'])
  expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
  expect(Number(primary.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000 + 50)
})

it('meets only those whom it is about', async () => {
  fail({ on, by: ['job', 'installation'], kind: 'error', status: 500, when: 'before' })
  expect((await openIssue()).status).toBe(201)
  fail({ on, by: ['user'], kind: 'error', status: 503, when: 'before' })
  expect((await openIssue()).status).toBe(503)
})

it('begins after the requests it skips, and matches by method or at all', async () => {
  fail({ on: 'POST *', kind: 'error', status: 500, when: 'before', skip: 1, times: 1 })
  const statuses = [(await openIssue()).status, (await openIssue()).status, (await openIssue()).status]
  expect(statuses).toEqual([201, 500, 201])
  fail({ on: '*', kind: 'error', status: 504, when: 'before', times: 1 })
  expect((await github.as(github.carol)('GET /repos/acme/shop')).status).toBe(504)
})

it('comes late', async () => {
  fail({ on, kind: 'slow', delayMs: 120, times: 1 })
  const started = performance.now()
  expect((await openIssue()).status).toBe(201)
  expect(performance.now() - started).toBeGreaterThan(110)
})
