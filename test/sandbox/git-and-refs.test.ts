import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorldEvent } from '../../src/sandbox/world/event.ts'
import { mintJobToken } from '../../src/sandbox/world/mint-token.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

let github: RehearsedGithub
const events: WorldEvent[] = []

beforeAll(async () => {
  github = await openRehearsedGithub()
  github.sandbox.world.subscribe(event => events.push(event))
})
afterAll(() => github.close())

function jobToken(permissions: Record<string, 'read' | 'write'>): string {
  const { sandbox, repository, alice } = github
  const expiresAt = new Date(Date.now() + 60_000)
  return mintJobToken(sandbox.world, { repository, permissions, runId: 1, jobId: 1, triggeredBy: alice, expiresAt })
    .value
}

async function commitFile(path: string, text: string): Promise<string> {
  await mkdir(join(github.clone, path, '..'), { recursive: true })
  await writeFile(join(github.clone, path), text)
  await github.git('add', '-A')
  await github.git('commit', '--quiet', '-m', `change ${path}`)
  return github.git('rev-parse', 'HEAD')
}

describe('annotated tags', () => {
  it('are objects first, then refs; creating one that exists is refused', async () => {
    const api = github.as(jobToken({ contents: 'write' }))
    const tag = await api('POST /repos/acme/shop/git/tags', {
      tag: 'ringway/shop/v1',
      message: 'artifact sha256:00\n',
      object: github.head,
      type: 'commit',
    })
    expect(tag.status).toBe(201)
    const ref = { ref: 'refs/tags/ringway/shop/v1', sha: Object(tag.body).sha }
    expect((await api('POST /repos/acme/shop/git/refs', ref)).status).toBe(201)
    expect(await api('POST /repos/acme/shop/git/refs', ref)).toMatchObject({
      status: 422,
      body: { message: 'Reference already exists' },
    })
    expect(await api('GET /repos/acme/shop/git/ref/tags/ringway/shop/v1')).toMatchObject({
      status: 200,
      body: { object: { type: 'tag', sha: ref.sha } },
    })
    expect(await api(`GET /repos/acme/shop/git/tags/${ref.sha}`)).toMatchObject({
      body: { tag: 'ringway/shop/v1', object: { sha: github.head, type: 'commit' } },
    })
    expect(await github.git('ls-remote', 'origin', 'refs/tags/*')).toContain('refs/tags/ringway/shop/v1^{}')
  })

  it('of eight that want the same name at once exactly one is made', async () => {
    const api = github.as(github.bob)
    const wishes = Array.from({ length: 8 }, () =>
      api('POST /repos/acme/shop/git/refs', { ref: 'refs/tags/race', sha: github.head }),
    )
    const statuses = (await Promise.all(wishes)).map(answer => answer.status)
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422, 422, 422, 422, 422])
  })

  it('match by prefix, with an empty list where nothing does', async () => {
    const api = github.as(github.carol)
    expect((await api('GET /repos/acme/shop/git/matching-refs/tags/ringway/shop/v')).body).toHaveLength(1)
    expect((await api('GET /repos/acme/shop/git/matching-refs/tags/ringway/shop/w')).body).toEqual([])
    expect((await api('GET /repos/acme/shop/git/ref/tags/nothing')).status).toBe(404)
  })
})

describe('git over HTTP', () => {
  it('asks strangers for credentials and refuses bad ones and readers who push', async () => {
    const url = github.sandbox.cloneUrl(github.repository, 'x').replace(/x-access-token:x@/, '')
    await expect(github.git('ls-remote', url)).rejects.toThrow(/could not read Username|Authentication failed/)
    await expect(github.git('ls-remote', github.sandbox.cloneUrl(github.repository, 'ghp_wrong'))).rejects.toThrow(
      /Authentication failed/,
    )
    const asCarol = github.sandbox.cloneUrl(github.repository, github.sandbox.tokenOf(github.carol))
    expect(await github.git('ls-remote', asCarol, 'refs/heads/main')).toContain(github.head)
    await expect(github.git('push', asCarol, 'HEAD:refs/heads/carol')).rejects.toThrow(/403/)
  })

  it('tells the world of a push, with its commits and files', async () => {
    events.length = 0
    const before = await github.git('rev-parse', 'HEAD')
    const after = await commitFile('src/app.txt', 'one\n')
    await github.git('push', '--quiet', 'origin', 'main')
    expect(events.map(event => event.name)).toEqual(['push'])
    expect(events[0]).toMatchObject({
      sender: { login: 'alice' },
      byJobToken: false,
      body: { ref: 'refs/heads/main', before, after, forced: false, commits: [{ id: after, added: ['src/app.txt'] }] },
    })
  })

  it('tells of a new branch, a forced push and a deletion', async () => {
    events.length = 0
    await github.git('push', '--quiet', 'origin', 'main:refs/heads/topic')
    await github.git('push', '--quiet', '--force', 'origin', 'main~1:refs/heads/topic')
    await github.git('push', '--quiet', 'origin', ':refs/heads/topic')
    expect(events.map(event => event.name)).toEqual(['create', 'push', 'push', 'push', 'delete'])
    expect(events[2]).toMatchObject({ body: { forced: true } })
    expect(events[3]).toMatchObject({ body: { deleted: true, head_commit: null } })
  })

  it('takes a push of a thousand commits', async () => {
    events.length = 0
    const commits = Array.from({ length: 1000 }, (_, index) => [
      'commit refs/heads/long',
      `committer Alice <alice@users.noreply.github.com> ${1_700_000_000 + index} +0000`,
      `data <<END\nnumber ${index}\nEND`,
      ...(index === 0 ? [`from ${github.head}`] : []),
      `M 100644 inline counter with space.txt\ndata <<END\n${index}\nEND\n`,
    ])
    await writeFile(join(github.clone, '.git/history'), commits.flat().join('\n'))
    await github.git('-c', 'alias.import=!git fast-import --quiet < .git/history', 'import')
    await github.git('push', '--quiet', 'origin', 'long')
    const push = events.find(event => event.name === 'push')
    expect(push?.body['commits']).toHaveLength(1000)
    expect(push?.body).toMatchObject({ head_commit: { message: 'number 999', modified: ['counter with space.txt'] } })
    await github.git('push', '--quiet', 'origin', ':long')
  })

  it('lets a job push with contents: write, marks what it did, and refuses workflow files', async () => {
    events.length = 0
    const origin = github.sandbox.cloneUrl(github.repository, jobToken({ contents: 'write' }))
    await github.git('push', '--quiet', origin, 'main:refs/heads/by-job')
    expect(events.every(event => event.byJobToken && event.sender.login === 'github-actions[bot]')).toBe(true)
    await github.git('checkout', '--quiet', '-b', 'workflows')
    const sha = await commitFile('.github/workflows/ci.yml', 'on: push\n')
    const refusal = /refusing to allow a GitHub App to create or update workflow.*without `workflows` permission/
    await expect(github.git('push', origin, 'HEAD:refs/heads/workflows')).rejects.toThrow(refusal)
    expect(await github.git('ls-remote', 'origin', 'refs/heads/workflows')).toBe('')
    // By somebody who may, the commit gets there; a tag on it is still not the job's to make.
    await github.git('push', '--quiet', 'origin', 'workflows')
    await github.git('checkout', '--quiet', 'main')
    const api = github.as(jobToken({ contents: 'write' }))
    expect(await api('POST /repos/acme/shop/git/refs', { ref: 'refs/tags/v9', sha })).toMatchObject({
      status: 422,
      body: { message: expect.stringMatching(refusal) },
    })
  })
})

describe('reading', () => {
  it('gives files, directories, commits, comparisons, branches, trees and blobs', async () => {
    const api = github.as(jobToken({ contents: 'read' }))
    const file = await api('GET /repos/acme/shop/contents/src/app.txt')
    expect(file).toMatchObject({ status: 200, body: { type: 'file', encoding: 'base64' } })
    expect(Buffer.from(Object(file.body).content, 'base64').toString()).toBe('one\n')
    expect(await api('GET /repos/acme/shop/contents/src')).toMatchObject({ body: [{ name: 'app.txt', type: 'file' }] })
    expect((await api('GET /repos/acme/shop/contents/nothing')).status).toBe(404)
    expect(await api('GET /repos/acme/shop/commits/main')).toMatchObject({
      body: { author: { login: 'alice' }, files: [{ filename: 'src/app.txt', status: 'added', additions: 1 }] },
    })
    expect(await api(`GET /repos/acme/shop/compare/${github.head}...main`)).toMatchObject({
      body: { status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1 },
    })
    expect(await api(`GET /repos/acme/shop/compare/main...${github.head}`)).toMatchObject({
      body: { status: 'behind' },
    })
    expect(await api('GET /repos/acme/shop/branches/main')).toMatchObject({ body: { name: 'main', protected: false } })
    expect((await api('GET /repos/acme/shop/branches')).body).toHaveLength(3)
    expect((await api('GET /repos/acme/shop/rules/branches/main')).body).toEqual([])
    const tree = await api('GET /repos/acme/shop/git/trees/main?recursive=1')
    expect(tree).toMatchObject({
      body: {
        tree: [
          { path: 'src', type: 'tree' },
          { path: 'src/app.txt', type: 'blob' },
        ],
      },
    })
    const { sha } = Object(tree.body).tree[1]
    expect(await api(`GET /repos/acme/shop/git/blobs/${sha}`)).toMatchObject({ body: { size: 4 } })
    expect((await api('GET /repos/acme/shop/commits')).body).toHaveLength(2)
    expect(await api('GET /repos/acme/shop')).toMatchObject({ body: { default_branch: 'main', private: true } })
  })

  it('pages with Link headers', async () => {
    const api = github.as(github.alice)
    const first = await api('GET /repos/acme/shop/commits?per_page=1')
    expect(first.body).toHaveLength(1)
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await api(`GET ${next.replace(github.sandbox.apiUrl, '')}`)
    expect(second.body).toHaveLength(1)
    expect(second.headers.get('link')).not.toContain('rel="next"')
  })

  it('writes a file through the API as a push, and commits, trees and blobs by hand', async () => {
    events.length = 0
    const api = github.as(github.bob)
    const put = await api('PUT /repos/acme/shop/contents/notes.md', {
      message: 'notes',
      content: Buffer.from('hello').toString('base64'),
      branch: 'by-job',
    })
    expect(put.status).toBe(201)
    expect(events.map(event => event.name)).toEqual(['push'])
    const blob = await api('POST /repos/acme/shop/git/blobs', { content: 'x', encoding: 'utf-8' })
    const tree = await api('POST /repos/acme/shop/git/trees', {
      base_tree: github.head,
      tree: [{ path: 'x', mode: '100644', type: 'blob', sha: Object(blob.body).sha }],
    })
    const commit = await api('POST /repos/acme/shop/git/commits', {
      message: 'by hand',
      tree: Object(tree.body).sha,
      parents: [github.head],
    })
    expect(commit).toMatchObject({ status: 201, body: { message: 'by hand', parents: [{ sha: github.head }] } })
    const move = { sha: Object(commit.body).sha }
    expect(await api('PATCH /repos/acme/shop/git/refs/heads/main', move)).toMatchObject({
      status: 422,
      body: { message: 'Update is not a fast forward' },
    })
    expect((await api('POST /repos/acme/shop/git/refs', { ref: 'refs/heads/hand', ...move })).status).toBe(201)
    expect((await api('DELETE /repos/acme/shop/git/refs/heads/hand')).status).toBe(204)
  })
})
