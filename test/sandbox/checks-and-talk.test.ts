import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WorldEvent } from '../../src/sandbox/world/event.ts'
import { type InstalledApp, installTestApp } from '../support/github-app.ts'
import { type HookReceiver, openHookReceiver } from '../support/hook-receiver.ts'
import { type Api, openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

let github: RehearsedGithub
let receiver: HookReceiver
let installed: InstalledApp
let app: Api
const events: WorldEvent[] = []

const heard = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'push',
  'create',
  'delete',
  'status',
  'check_run',
]

beforeAll(async () => {
  github = await openRehearsedGithub()
  receiver = await openHookReceiver()
  // Every webhook that follows is checked against GitHub's schemas on its way out.
  installed = await installTestApp(github, {
    slug: 'ringway-test',
    permissions: { checks: 'write', issues: 'write', pull_requests: 'read', statuses: 'write' },
    events: heard,
    url: receiver.url,
  })
  app = await installed.asInstallation()
  github.sandbox.world.subscribe(event => events.push(event))
})
beforeEach(() => {
  events.length = 0
})
afterAll(async () => {
  await github.close()
  await receiver.close()
})

function told(): string[] {
  return events.map(({ name, action }) => (action === null ? name : `${name}.${action}`))
}

describe('check runs', () => {
  const create = (fields: Record<string, unknown>) =>
    app('POST /repos/acme/shop/check-runs', { name: 'ring', head_sha: github.head, ...fields })

  it('live from creation to conclusion, with output and annotations', async () => {
    const made = await create({ status: 'in_progress', output: { title: 'Gates', summary: 'waiting' } })
    expect(made).toMatchObject({ status: 201, body: { status: 'in_progress', conclusion: null } })
    const path = `/repos/acme/shop/check-runs/${Object(made.body).id}`
    const annotation = { path: 'rings.yml', start_line: 2, end_line: 2, annotation_level: 'failure', message: 'no' }
    await app(`PATCH ${path}`, { output: { title: 'Gates', summary: 'more', annotations: [annotation] } })
    const done = await app(`PATCH ${path}`, {
      conclusion: 'failure',
      output: { title: 'No', annotations: [annotation], summary: 's' },
    })
    expect(done).toMatchObject({
      body: { status: 'completed', conclusion: 'failure', output: { annotations_count: 2 } },
    })
    expect((await app(`GET ${path}/annotations`)).body).toMatchObject([{ path: 'rings.yml', start_line: 2 }, {}])
    expect(told()).toEqual(['check_run.created', 'check_run.completed'])
    expect((await github.as(github.alice)(`GET ${path}`)).status).toBe(200)
  })

  it.each([
    {
      why: 'four buttons',
      fields: { actions: ['a', 'b', 'c', 'd'].map(each => ({ label: each, description: each, identifier: each })) },
    },
    { why: 'a label of 21', fields: { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] } },
    { why: 'a description of 41', fields: { actions: [{ label: 'l', description: 'x'.repeat(41), identifier: 'i' }] } },
    { why: 'an identifier of 21', fields: { actions: [{ label: 'l', description: 'd', identifier: 'x'.repeat(21) }] } },
    { why: 'a text of 65536', fields: { output: { title: 't', summary: 'x'.repeat(65_536) } } },
    { why: 'completed without conclusion', fields: { status: 'completed' } },
    { why: 'an unknown commit', fields: { head_sha: 'a'.repeat(40) } },
  ])('refuse $why', async ({ fields }) => {
    expect((await create(fields)).status).toBe(422)
  })

  it('are written by Apps only, and changed by their own', async () => {
    const wish = { name: 'mine', head_sha: github.head }
    expect((await github.as(github.alice)('POST /repos/acme/shop/check-runs', wish)).status).toBe(403)
    const { body } = await create({})
    const other = await installTestApp(github, { slug: 'other', permissions: { checks: 'write' } })
    const api = await other.asInstallation()
    expect((await api(`PATCH /repos/acme/shop/check-runs/${Object(body).id}`, { conclusion: 'success' })).status).toBe(
      403,
    )
  })

  it('are listed per commit, the newest of each name, in suites', async () => {
    await create({ name: 'twice', conclusion: 'failure' })
    await create({ name: 'twice', conclusion: 'success' })
    const list = await app(`GET /repos/acme/shop/commits/${github.head}/check-runs?check_name=twice`)
    expect(list).toMatchObject({ body: { total_count: 1, check_runs: [{ conclusion: 'success' }] } })
    const all = await app(`GET /repos/acme/shop/commits/main/check-runs?check_name=twice&filter=all`)
    expect(all).toMatchObject({ body: { total_count: 2 } })
    const suites = await app('GET /repos/acme/shop/commits/main/check-suites')
    expect(suites).toMatchObject({ body: { total_count: 1, check_suites: [{ app: { slug: 'ringway-test' } }] } })
    const { id } = Object(suites.body).check_suites[0]
    expect((await app(`GET /repos/acme/shop/check-suites/${id}`)).status).toBe(200)
    expect((await app(`GET /repos/acme/shop/check-suites/${id}/check-runs`)).status).toBe(200)
  })
})

describe('commit statuses', () => {
  it('combine the newest of each context', async () => {
    const path = `/repos/acme/shop/statuses/${github.head}`
    const combined = async () => Object((await app('GET /repos/acme/shop/commits/main/status')).body).state
    expect(await combined()).toBe('pending')
    await app(`POST ${path}`, { state: 'failure', context: 'ringway/shop/dev', description: 'x'.repeat(140) })
    await app(`POST ${path}`, { state: 'success', context: 'ci' })
    expect(await combined()).toBe('failure')
    await app(`POST ${path}`, { state: 'success', context: 'ringway/shop/dev', target_url: 'https://example.com' })
    expect(await combined()).toBe('success')
    expect((await app('GET /repos/acme/shop/commits/main/statuses')).body).toHaveLength(3)
    expect((await app(`POST ${path}`, { state: 'success', description: 'x'.repeat(141) })).status).toBe(422)
    expect(told()).toEqual(['status', 'status', 'status'])
  })
})

describe('issues and comments', () => {
  it('are opened, commented, edited, reacted to and closed', async () => {
    const carol = github.as(github.carol)
    const issue = await carol('POST /repos/acme/shop/issues', { title: 'slow', body: 'very', labels: ['bug'] })
    const path = `/repos/acme/shop/issues/${Object(issue.body).number}`
    const comment = await carol(`POST ${path}/comments`, { body: '/promote staging' })
    expect(comment).toMatchObject({ status: 201, body: { body: '/promote staging', user: { login: 'carol' } } })
    const place = `/repos/acme/shop/issues/comments/${Object(comment.body).id}`
    expect((await app(`POST ${place}/reactions`, { content: 'eyes' })).status).toBe(201)
    expect((await app(`POST ${place}/reactions`, { content: 'eyes' })).status).toBe(200)
    expect((await app(`POST ${place}/reactions`, { content: 'smile' })).status).toBe(422)
    const reactions = await app(`GET ${place}/reactions`)
    expect(reactions.body).toMatchObject([{ content: 'eyes', user: { login: 'ringway-test[bot]' } }])
    expect((await app(`DELETE ${place}/reactions/${Object(reactions.body)[0].id}`)).status).toBe(204)
    expect((await github.as(github.bob)(`PATCH ${place}`, { body: 'edited by bob' })).status).toBe(200)
    const mine = await github.as(github.bob)(`POST ${path}/comments`, { body: 'mine' })
    const his = `/repos/acme/shop/issues/comments/${Object(mine.body).id}`
    expect((await carol(`PATCH ${his}`, { body: 'edited by carol' })).status).toBe(403)
    expect((await app(`GET ${path}/comments`)).body).toHaveLength(2)
    expect((await app('GET /repos/acme/shop/issues/comments')).body).toHaveLength(2)
    expect((await carol(`DELETE ${place}`)).status).toBe(204)
    expect((await carol(`GET ${place}`)).status).toBe(404)
    await app(`POST ${path}/labels`, { labels: ['incident'] })
    expect(await carol(`PATCH ${path}`, { state: 'closed' })).toMatchObject({
      body: { state: 'closed', labels: [{ name: 'bug' }, { name: 'incident' }] },
    })
    expect((await app('GET /repos/acme/shop/issues')).body).toEqual([])
    expect((await app('GET /repos/acme/shop/issues?state=all&labels=incident')).body).toHaveLength(1)
    expect(told()).toEqual([
      'issues.opened',
      'issue_comment.created',
      'issue_comment.edited',
      'issue_comment.created',
      'issue_comment.deleted',
      'issues.closed',
    ])
  })
})

describe('pull requests', () => {
  async function branch(name: string): Promise<string> {
    await github.git('checkout', '--quiet', '-B', name, 'origin/main')
    await writeFile(join(github.clone, `${name}.txt`), `${Math.random()}\n`)
    await github.git('add', '-A')
    await github.git('commit', '--quiet', '-m', `work on ${name}`)
    await github.git('push', '--quiet', '--force', 'origin', name)
    await github.git('fetch', '--quiet')
    return github.git('rev-parse', 'HEAD')
  }

  it('follow their branch, take reviews and comments, and are merged', async () => {
    const head = await branch('feature')
    const bob = github.as(github.bob)
    const made = await bob('POST /repos/acme/shop/pulls', { title: 'Feature', head: 'feature', base: 'main' })
    expect(made).toMatchObject({
      status: 201,
      body: { head: { sha: head }, mergeable: true, changed_files: 1, commits: 1 },
    })
    const number = Object(made.body).number
    const path = `/repos/acme/shop/pulls/${number}`
    expect((await bob('POST /repos/acme/shop/pulls', { title: 'Again', head: 'feature', base: 'main' })).status).toBe(
      422,
    )
    events.length = 0
    await writeFile(join(github.clone, 'more.txt'), 'more\n')
    await github.git('add', '-A')
    await github.git('commit', '--quiet', '-m', 'more')
    await github.git('push', '--quiet', 'origin', 'feature')
    const next = await github.git('rev-parse', 'HEAD')
    expect(told()).toEqual(['push', 'pull_request.synchronize'])
    expect(events[1]?.body).toMatchObject({ before: head, after: next, pull_request: { head: { sha: next } } })

    expect((await app(`GET ${path}/files`)).body).toMatchObject([{ filename: 'feature.txt' }, { filename: 'more.txt' }])
    expect((await app(`GET ${path}/commits`)).body).toMatchObject([{ sha: head }, { sha: next }])
    expect((await app(`GET /repos/acme/shop/commits/${head}/pulls`)).body).toMatchObject([{ number }])
    expect((await bob(`POST ${path}/reviews`, { event: 'APPROVE' })).status).toBe(422)
    expect((await github.as(github.alice)(`POST ${path}/reviews`, { event: 'APPROVE' })).body).toMatchObject({
      state: 'APPROVED',
    })
    expect((await app(`GET ${path}/reviews`)).body).toHaveLength(1)
    // A comment on a pull request needs its own permission: this App may only read pull requests.
    const comments = `/repos/acme/shop/issues/${number}/comments`
    expect((await app(`POST ${comments}`, { body: 'hello' })).status).toBe(403)
    expect((await bob(`POST ${comments}`, { body: '/status' })).status).toBe(201)
    expect((await app(`GET /repos/acme/shop/issues/${number}`)).body).toMatchObject({
      pull_request: { merged_at: null },
    })

    expect((await bob(`PUT ${path}/merge`, { sha: head })).status).toBe(409)
    events.length = 0
    const merged = await bob(`PUT ${path}/merge`, { sha: next })
    expect(merged).toMatchObject({ status: 200, body: { merged: true } })
    expect(told()).toEqual(['pull_request.closed', 'push'])
    expect(await app(`GET ${path}`)).toMatchObject({
      body: { state: 'closed', merged: true, merged_by: { login: 'bob' }, merge_commit_sha: Object(merged.body).sha },
    })
    expect((await app(`GET ${path}/merge`)).status).toBe(204)
    expect(await github.git('ls-remote', 'origin', 'refs/heads/main')).toContain(Object(merged.body).sha)
    expect(await github.git('ls-remote', 'origin', `refs/pull/${number}/head`)).toContain(next)
    expect((await app('GET /repos/acme/shop/pulls')).body).toEqual([])
    expect((await app('GET /repos/acme/shop/pulls?state=all&head=acme:feature')).body).toHaveLength(1)
    await github.git('fetch', '--quiet')
  })

  it('are closed and opened again, end with their branch, and are merged by a push', async () => {
    const bob = github.as(github.bob)
    await branch('second')
    const made = await bob('POST /repos/acme/shop/pulls', { title: 'Second', head: 'second', base: 'main' })
    const path = `/repos/acme/shop/pulls/${Object(made.body).number}`
    await bob(`PATCH ${path}`, { state: 'closed' })
    await bob(`PATCH ${path}`, { state: 'open', title: 'Second again' })
    events.length = 0
    await github.git('push', '--quiet', 'origin', 'second:main')
    expect(told()).toEqual(['push', 'pull_request.closed'])
    expect(await bob(`GET ${path}`)).toMatchObject({ body: { title: 'Second again', merged: true } })
    await github.git('fetch', '--quiet')
    await branch('third')
    const third = await bob('POST /repos/acme/shop/pulls', { title: 'Third', head: 'third', base: 'main' })
    await github.git('push', '--quiet', 'origin', ':third')
    expect(await bob(`GET /repos/acme/shop/pulls/${Object(third.body).number}`)).toMatchObject({
      body: { state: 'closed', merged: false },
    })
  })

  it('come from forks, too', async () => {
    const { sandbox, repository, carol } = github
    const fork = await sandbox.createRepository({ owner: carol, name: 'shop', forkOf: repository })
    const url = sandbox.cloneUrl(fork, sandbox.tokenOf(carol))
    await branch('fourth')
    await github.git('push', '--quiet', url, 'fourth:theirs')
    const made = await github.as(carol)('POST /repos/acme/shop/pulls', {
      title: 'Gift',
      head: 'carol:theirs',
      base: 'main',
    })
    expect(made).toMatchObject({
      status: 201,
      body: { head: { repo: { full_name: 'carol/shop', fork: true } }, base: { repo: { full_name: 'acme/shop' } } },
    })
    expect((await github.as(carol)(`PUT /repos/acme/shop/pulls/${Object(made.body).number}/merge`, {})).status).toBe(
      403,
    )
  })

  it('that conflict say so and cannot be merged', async () => {
    const bob = github.as(github.bob)
    await branch('fifth')
    await github.git('checkout', '--quiet', '-B', 'sixth', 'origin/main')
    await writeFile(join(github.clone, 'fifth.txt'), 'conflict\n')
    await github.git('add', '-A')
    await github.git('commit', '--quiet', '-m', 'conflict')
    await github.git('push', '--quiet', 'origin', 'sixth:main')
    const made = await bob('POST /repos/acme/shop/pulls', { title: 'Fifth', head: 'fifth', base: 'main' })
    expect(made).toMatchObject({ body: { mergeable: false, mergeable_state: 'dirty' } })
    expect((await bob(`PUT /repos/acme/shop/pulls/${Object(made.body).number}/merge`, {})).status).toBe(405)
  })
})
