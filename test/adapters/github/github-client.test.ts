import { getOctokit } from '@actions/github'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGithubDeployments } from '../../../src/adapters/github/deployments.ts'
import { createGithubClient } from '../../../src/adapters/github/github-client.ts'
import { createGithubRepository } from '../../../src/adapters/github/repository.ts'
import { createGithubVersionTags } from '../../../src/adapters/github/version-tags.ts'
import { createGithubWorkflowRuns } from '../../../src/adapters/github/workflow-runs.ts'
import { commitSha, type DurationMs, epochMs, sha256Digest } from '../../../src/domain/units.ts'
import type { RecordedDeployment } from '../../../src/ports/deployments.ts'

const api = 'https://api.github.com'
const repo = '/repos/octo/shop'
const commit = commitSha('a'.repeat(40))
const waits: number[] = []
const sleep = async (duration: DurationMs): Promise<void> => void waits.push(duration)
const client = () => createGithubClient({ octokit: getOctokit('t0ken'), owner: 'octo', repo: 'shop', sleep })

beforeEach(() => {
  waits.length = 0
  nock.disableNetConnect()
})
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(pending).toEqual([])
})

const account = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' }
const deployment = {
  id: 7,
  sha: commit,
  task: 'deploy',
  environment: 'dev',
  payload: { promotion: 'p1' },
  creator: account,
  created_at: '2026-11-21T08:00:00Z',
}
const status = {
  state: 'queued',
  description: 'queued: v1 · by @ada',
  creator: account,
  created_at: '2026-11-21T08:00:01Z',
}

describe('reading', () => {
  it('asks again after 502 and a cut connection, with growing pauses', async () => {
    nock(api).get(`${repo}/a`).reply(502, 'bad gateway')
    nock(api).get(`${repo}/a`).replyWithError('socket hang up')
    nock(api).get(`${repo}/a`).reply(200, { ok: true })
    const answer = await client().read('GET /repos/{owner}/{repo}/a')
    expect(answer?.data).toEqual({ ok: true })
    expect(waits).toEqual([500, 1000])
  })

  it('gives up after four attempts, as errored and with a remedy', async () => {
    nock(api).get(`${repo}/a`).times(4).reply(503, 'down')
    await expect(client().read('GET /repos/{owner}/{repo}/a')).rejects.toMatchObject({
      code: 'github_unreachable',
      kind: 'errored',
      remedy: expect.stringContaining('re-run'),
    })
  })

  it('waits as long as a secondary rate limit asks', async () => {
    nock(api)
      .get(`${repo}/a`)
      .reply(403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '7' })
    nock(api).get(`${repo}/a`).reply(200, {})
    await client().read('GET /repos/{owner}/{repo}/a')
    expect(waits).toEqual([7000])
  })

  it('waits a minute where the limit does not say how long', async () => {
    nock(api).get(`${repo}/a`).reply(429, { message: 'API rate limit exceeded' })
    nock(api).get(`${repo}/a`).reply(200, {})
    await client().read('GET /repos/{owner}/{repo}/a')
    expect(waits).toEqual([60_000])
  })

  it('does not ask again where the token lacks a permission, and says so', async () => {
    nock(api).get(`${repo}/a`).reply(403, { message: 'Resource not accessible by integration' })
    await expect(client().read('GET /repos/{owner}/{repo}/a')).rejects.toMatchObject({
      code: 'github_denied',
      kind: 'failed',
      message: expect.stringContaining('Resource not accessible by integration'),
    })
  })

  it('gives undefined for 404', async () => {
    nock(api).get(`${repo}/a`).reply(404, { message: 'Not Found' })
    expect(await client().read('GET /repos/{owner}/{repo}/a')).toBeUndefined()
  })
})

describe('asking once', () => {
  const digest = sha256Digest(`sha256:${'b'.repeat(64)}`)
  const tag = {
    sha: 't',
    tag: 'x',
    message: `artifact ${digest}\ncontent ${digest}\n`,
    object: { type: 'commit', sha: commit },
  }
  const ref = { ref: 'refs/tags/ringway/shop/v1', object: { type: 'tag', sha: 't' } }
  const refPath = `${repo}/git/ref/tags/ringway/shop/v1`

  it('reads a version once that there is, and again one that there was not', async () => {
    const versions = createGithubVersionTags(client())
    nock(api).get(refPath).reply(404, { message: 'Not Found' })
    expect(await versions.read('shop', 1)).toBeUndefined()
    nock(api).get(refPath).reply(200, ref)
    nock(api).get(`${repo}/git/tags/t`).reply(200, tag)
    const both = await Promise.all([versions.read('shop', 1), versions.read('shop', 1)])
    expect(both.map(version => version?.digest)).toEqual([digest, digest])
    expect(await versions.read('shop', 1)).toMatchObject({ number: 1, commit })
  })

  it('reads a file once, and again when it could not be read', async () => {
    const repository = createGithubRepository(client())
    nock(api).get(`${repo}/contents/.github/rings.yml`).reply(403, { message: 'Resource not accessible' })
    await expect(repository.readText({ path: '.github/rings.yml' })).rejects.toMatchObject({ code: 'github_denied' })
    const content = Buffer.from('version: 1').toString('base64')
    nock(api).get(`${repo}/contents/.github/rings.yml`).reply(200, { type: 'file', encoding: 'base64', content })
    expect(await repository.readText({ path: '.github/rings.yml' })).toBe('version: 1')
    expect(await repository.readText({ path: '.github/rings.yml' })).toBe('version: 1')
  })

  it('gives deployments that were read a moment ago as they were, and those of the wanted environments only', async () => {
    nock(api)
      .get(`${repo}/deployments`)
      .query({ sha: commit, per_page: 30 })
      .reply(200, [deployment, { ...deployment, id: 8, environment: 'other' }, { ...deployment, id: 9 }])
    nock(api).get(`${repo}/deployments/9/statuses`).query({ per_page: 100 }).reply(200, [status])
    const known: RecordedDeployment = {
      id: 7,
      environment: 'dev',
      commit,
      task: 'deploy',
      payload: undefined,
      creator: undefined,
      createdAt: epochMs(0),
      statuses: [],
    }
    const listed = createGithubDeployments(client()).list({
      environments: ['dev', 'staging'],
      commit,
      seen: new Map([[7, known]]),
    })
    const found: [number, number][] = []
    for await (const { id, statuses } of listed) found.push([id, statuses.length])
    expect(found).toEqual([
      [7, 0],
      [9, 1],
    ])
  })
})

describe('changing once', () => {
  it('does not post a status again that took effect although the answer was 502', async () => {
    nock(api).post(`${repo}/deployments/7/statuses`).reply(502, 'bad gateway')
    nock(api).get(`${repo}/deployments/7/statuses`).query({ per_page: 100 }).reply(200, [status])
    await createGithubDeployments(client()).report(7, { state: 'queued', description: status.description })
  })

  it('does not post a status again that an earlier attempt posted, although GitHub has said something since', async () => {
    const since = { ...status, state: 'in_progress', description: '' }
    nock(api).get(`${repo}/deployments/7/statuses`).query({ per_page: 100 }).reply(200, [since, status])
    const again = { state: 'queued', description: status.description, repeated: true } as const
    await createGithubDeployments(client()).report(7, again)
  })

  it('posts a status again that did not take effect', async () => {
    nock(api).post(`${repo}/deployments/7/statuses`).reply(502, 'bad gateway')
    nock(api).get(`${repo}/deployments/7/statuses`).query({ per_page: 100 }).reply(200, [])
    nock(api)
      .post(`${repo}/deployments/7/statuses`)
      .reply(201, { ...status, id: 1 })
    await createGithubDeployments(client()).report(7, { state: 'queued', description: status.description })
  })

  it('finds the deployment that was opened although the connection was cut', async () => {
    nock(api).post(`${repo}/deployments`).replyWithError('socket hang up')
    nock(api)
      .get(`${repo}/deployments`)
      .query({ environment: 'dev', sha: commit, per_page: 30 })
      .reply(200, [deployment])
    nock(api).get(`${repo}/deployments/7`).reply(200, deployment)
    nock(api).get(`${repo}/deployments/7/statuses`).query({ per_page: 100 }).reply(200, [status])
    const opened = await createGithubDeployments(client()).open({
      environment: 'dev',
      commit,
      task: 'deploy',
      description: 'v1',
      payload: { promotion: 'p1' },
      production: false,
    })
    expect(opened.id).toBe(7)
  })

  it('asks nothing more about a deployment that it opened', async () => {
    nock(api).post(`${repo}/deployments`).reply(201, deployment)
    const opened = await createGithubDeployments(client()).open({
      environment: 'dev',
      commit,
      task: 'deploy',
      description: 'v1',
      payload: { promotion: 'p1' },
      production: false,
    })
    expect(opened).toMatchObject({ id: 7, payload: { promotion: 'p1' }, statuses: [] })
  })

  it('finds a dispatched run by its name on a server that does not know run details', async () => {
    const dispatches = `${repo}/actions/workflows/ringway.yml/dispatches`
    nock(api)
      .post(dispatches, body => body.return_run_details === true)
      .reply(400, { message: 'unknown field' })
    nock(api)
      .post(dispatches, body => !('return_run_details' in body))
      .reply(204)
    nock(api)
      .get(`${repo}/actions/workflows/ringway.yml/runs`)
      .query({ event: 'workflow_dispatch', per_page: 30 })
      .reply(200, {
        workflow_runs: [
          { id: 1, html_url: 'https://x/1', status: 'queued', display_title: 'deploy v1 to dev p0' },
          { id: 2, html_url: 'https://x/2', status: 'queued', display_title: 'deploy v1 to dev p1' },
        ],
      })
    const run = await createGithubWorkflowRuns(client(), sleep).dispatch({
      workflow: 'ringway.yml',
      branch: 'main',
      command: 'deploy',
      environment: 'dev',
      artifact: 'v1',
      deployment: 7,
      promotion: 'p1',
    })
    expect(run).toEqual({ id: 2, url: 'https://x/2', completed: false })
  })
})

describe('version tags', () => {
  const digest = sha256Digest(`sha256:${'b'.repeat(64)}`)
  const claim = { solution: 'support', version: { number: 3, digest, content: digest, commit } }
  const tag = { sha: 'c'.repeat(40), tag: 'ringway/support/v3', message: '', object: { type: 'commit', sha: commit } }

  it.each([
    { status: 201, message: 'Created', outcome: 'created' },
    { status: 422, message: 'Reference already exists', outcome: 'taken' },
    {
      status: 403,
      message: 'refusing to allow a GitHub App to create or update workflow `a.yml` without `workflows` permission',
      outcome: 'refused_workflow',
    },
  ])('$status $message -> $outcome', async ({ status, message, outcome }) => {
    nock(api).post(`${repo}/git/tags`).reply(201, tag)
    nock(api)
      .post(`${repo}/git/refs`)
      .reply(status, status === 201 ? { ref: 'r', object: { type: 'tag', sha: tag.sha } } : { message })
    expect(await createGithubVersionTags(client()).create(claim)).toBe(outcome)
  })

  it('passes over tags that are no version of ours', async () => {
    nock(api)
      .get(`${repo}/git/matching-refs/tags/ringway/support/v`)
      .reply(200, [
        { ref: 'refs/tags/ringway/support/v1', object: { type: 'commit', sha: commit } },
        { ref: 'refs/tags/ringway/support/v02', object: { type: 'tag', sha: tag.sha } },
        { ref: 'refs/tags/ringway/support/v3', object: { type: 'tag', sha: tag.sha } },
      ])
    nock(api)
      .get(`${repo}/git/tags/${tag.sha}`)
      .reply(200, { ...tag, message: 'written by hand' })
    for await (const version of createGithubVersionTags(client()).list('support'))
      expect.unreachable(`v${version.number}`)
  })
})
