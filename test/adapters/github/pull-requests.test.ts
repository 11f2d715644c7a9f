import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubCommitReach } from '../../../src/adapters/github/commit-reach.ts'
import { createGithubClient } from '../../../src/adapters/github/github-client.ts'
import { createGithubPeople } from '../../../src/adapters/github/people.ts'
import { createGithubPullRequests } from '../../../src/adapters/github/pull-requests.ts'
import { commitSha } from '../../../src/domain/units.ts'
import type { PullRequests } from '../../../src/ports/pull-requests.ts'
import type { Account } from '../../../src/sandbox/world/account.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let app: AppOnGithub
let pulls: PullRequests

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed)
  pulls = createGithubPullRequests(app.client, createGithubPeople(app.client))
})
afterAll(() => rehearsed.close())

const commit = async (branch: string, file: string): Promise<string> => {
  await writeFile(join(rehearsed.clone, file), file)
  await rehearsed.git('add', '.')
  await rehearsed.git('commit', '--quiet', '-m', `adds ${file}\n\nat length`)
  await rehearsed.git('push', '--quiet', 'origin', `HEAD:${branch}`)
  return await rehearsed.git('rev-parse', 'HEAD')
}
const openPull = async (branch: string): Promise<number> => {
  await rehearsed.git('checkout', '--quiet', '-B', branch, 'origin/main')
  await commit(branch, `${branch}.txt`)
  const pull = { title: `the ${branch}`, head: branch, base: 'main' }
  return Object((await rehearsed.as(rehearsed.bob)('POST /repos/acme/shop/pulls', pull)).body).number
}
const review = async (by: Account, number: number, event: string): Promise<number> => {
  const answer = await rehearsed.as(by)(`POST /repos/acme/shop/pulls/${number}/reviews`, { event, body: 'so' })
  return Object(answer.body).id
}
const fetched = (): Promise<string> => rehearsed.git('fetch', '--quiet', 'origin')

describe('a pull request', () => {
  it('is given labels and loses others; what is so already is not written', async () => {
    const number = await openPull('labelled')
    const labels = async (): Promise<readonly string[]> => (await pulls.read(number))?.labels ?? []
    await pulls.label(number, { add: ['live', 'seen'], remove: ['failed'] })
    expect(await labels()).toEqual(['live', 'seen'])
    await pulls.label(number, { add: ['failed'], remove: ['LIVE', 'failed', 'never there'] })
    expect(await labels()).toEqual(['seen', 'failed'])
    const writes = app.budget.taken.filter(({ kind }) => kind !== 'read').length
    await pulls.label(number, { add: ['Failed'], remove: ['live'] })
    expect(app.budget.taken.filter(({ kind }) => kind !== 'read')).toHaveLength(writes)
    await pulls.label(99_999, { add: ['x'], remove: [] })
  })

  it('is read with its head, its base and its author; its merge commit only once it is merged', async () => {
    const number = await openPull('feature')
    const head = commitSha(await rehearsed.git('rev-parse', 'HEAD'))
    const open = await pulls.read(number)
    expect(open).toMatchObject({
      number,
      title: 'the feature',
      state: 'open',
      isDraft: false,
      isMerged: false,
      mergeCommit: undefined,
      head: { commit: head, branch: 'feature', repository: rehearsed.repository.id, isFork: false },
      base: { branch: 'main' },
      author: { login: 'bob', id: rehearsed.bob.id },
    })
    const merged = await rehearsed.as(rehearsed.alice)(`PUT /repos/acme/shop/pulls/${number}/merge`, {})
    expect(await pulls.read(number)).toMatchObject({
      state: 'closed',
      isMerged: true,
      mergeCommit: Object(merged.body).sha,
    })
    expect(await pulls.ofCommit(commitSha(Object(merged.body).sha))).toMatchObject([{ number }])
    expect(await pulls.read(4711)).toBeUndefined()
  })

  it('has the commits of its branch with the accounts behind them, and lacks those of its base', async () => {
    await fetched()
    const number = await openPull('behind')
    await rehearsed.git('checkout', '--quiet', '-B', 'main', 'origin/main')
    await commit('main', 'meanwhile.txt')
    const { commits, isComplete } = await pulls.commits(number)
    expect(commits).toMatchObject([
      { subject: 'adds behind.txt', author: { login: 'alice' }, committer: { login: 'alice' }, isVerified: false },
    ])
    expect(isComplete).toBe(true)
    const pull = await pulls.read(number)
    expect(pull && (await pulls.behindBy(pull))).toBe(1)
  })

  it('counts the newest standing review of whoever may write', async () => {
    await fetched()
    const number = await openPull('reviewed')
    const { alice, carol } = rehearsed
    expect((await pulls.reviews(number)).decision).toBe('none')
    await review(carol, number, 'APPROVE')
    expect(await pulls.reviews(number)).toEqual({ decision: 'none', reviews: [] })
    await review(alice, number, 'APPROVE')
    await review(alice, number, 'COMMENT')
    expect(await pulls.reviews(number)).toMatchObject({
      decision: 'approved',
      reviews: [{ person: { login: 'alice' }, verdict: 'approved' }],
    })
    const refusal = await review(alice, number, 'REQUEST_CHANGES')
    expect((await pulls.reviews(number)).decision).toBe('changes_requested')
    const dismissal = { message: 'was answered' }
    await rehearsed.as(alice)(`PUT /repos/acme/shop/pulls/${number}/reviews/${refusal}/dismissals`, dismissal)
    expect((await pulls.reviews(number)).decision).toBe('none')
  })
})

describe('commits', () => {
  it('are reachable from the default branch, or are not', async () => {
    await fetched()
    const reach = createGithubCommitReach(app.client)
    const main = await rehearsed.git('rev-parse', 'origin/main')
    expect(await reach.isReachable(commitSha(main))).toBe(true)
    expect(await reach.isReachable(commitSha(rehearsed.head))).toBe(true)
    const branch = await rehearsed.git('rev-parse', 'origin/reviewed')
    expect(await reach.isReachable(commitSha(branch))).toBe(false)
    expect(await reach.isReachable(commitSha('a'.repeat(40)))).toBe(false)
  })

  it('between two: counted, the newest first, with the pull requests that they merged', async () => {
    await fetched()
    const earlier = commitSha(await rehearsed.git('rev-parse', 'origin/main'))
    const number = await openPull('shipped')
    await rehearsed.as(rehearsed.alice)(`PUT /repos/acme/shop/pulls/${number}/merge`, { merge_method: 'squash' })
    await fetched()
    const later = commitSha(await rehearsed.git('rev-parse', 'origin/main'))
    expect(await pulls.between({ earlier, later })).toMatchObject({
      relation: 'ahead',
      count: 1,
      commits: [{ commit: later, isVerified: false }],
      pulls: [{ number, title: 'the shipped', isMerged: true }],
    })
    expect(await pulls.between({ earlier: later, later: earlier })).toMatchObject({ relation: 'behind', commits: [] })
    expect(await pulls.between({ earlier: commitSha('b'.repeat(40)), later })).toBeUndefined()
  })

  it.each([
    { total: 100, asked: ['1'] },
    { total: 105, asked: ['1', '2'] },
    { total: 1_005, asked: ['1', '10', '11'] },
  ])('between two far apart: $total, of which a hundred are shown', async ({ total, asked }) => {
    const [earlier, later] = [commitSha('a'.repeat(40)), commitSha('b'.repeat(40))]
    const pages: string[] = []
    const client = createGithubClient({
      owner: 'acme',
      repo: 'shop',
      sleep: async () => undefined,
      octokit: {
        async request(route, parameters) {
          if (!route.includes('compare')) return { status: 200, headers: {}, data: route.endsWith('pulls') ? [] : main }
          const page = Number(parameters?.['page'])
          pages.push(String(page))
          const commits = Array.from({ length: total }, (_, index) => listed(index)).slice((page - 1) * 100, page * 100)
          return { status: 200, headers: {}, data: { status: 'ahead', behind_by: 0, total_commits: total, commits } }
        },
      },
    })
    const range = await createGithubPullRequests(client, createGithubPeople(client)).between({ earlier, later })
    expect(pages).toEqual(asked)
    expect(range?.count).toBe(total)
    expect(range?.commits.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 100 }, (_, index) => `step ${total - 1 - index}`),
    )
  })
})

const main = { default_branch: 'main' }
const listed = (index: number) => ({
  sha: index.toString(16).padStart(40, '0'),
  commit: { message: `step ${index}\n\nat length`, verification: { verified: true } },
  author: null,
  committer: {},
})
