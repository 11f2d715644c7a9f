import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubCommitStatuses } from '../../../src/adapters/github/commit-statuses.ts'
import { commitSha } from '../../../src/domain/units.ts'
import type { CommitStatuses, NewCommitStatus } from '../../../src/ports/commit-statuses.ts'
import { openAppOnGithub } from '../../support/app-on-github.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let statuses: CommitStatuses

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  const { github, client } = await openAppOnGithub(rehearsed)
  statuses = createGithubCommitStatuses(client, await github.identity())
})
afterAll(() => rehearsed.close())

const status = (more: Partial<NewCommitStatus> = {}): NewCommitStatus => ({
  commit: commitSha(rehearsed.head),
  context: 'ringway/shop/dev',
  state: 'pending',
  description: 'queued: v1',
  url: 'https://app.test/d1',
  repeated: true,
  ...more,
})
const posted = () => rehearsed.repository.commitStatuses

describe('commit statuses', () => {
  it('are posted once for each thing that they say', async () => {
    expect(await statuses.post(status())).toBe('posted')
    expect(await statuses.post(status())).toBe('there')
    expect(await statuses.post(status({ state: 'success', description: 'active: v1' }))).toBe('posted')
    expect(await statuses.post(status())).toBe('posted')
    expect(posted().map(({ state }) => state)).toEqual(['pending', 'success', 'pending'])
  })

  it('stand over one that somebody else posted with the same words', async () => {
    const forged = { state: 'success', context: 'ringway/shop/prod', description: 'active: v1' }
    await rehearsed.as(rehearsed.bob)(`POST /repos/acme/shop/statuses/${rehearsed.head}`, forged)
    const own = status({ ...forged, state: 'success', url: undefined })
    expect(await statuses.post(own)).toBe('posted')
    expect(await statuses.post(own)).toBe('there')
  })

  it('have 140 characters, cut after a whole one', async () => {
    await statuses.post(status({ context: 'long', description: '🚀'.repeat(200) }))
    expect(posted().at(-1)?.description).toBe(`${'🚀'.repeat(139)}…`)
    expect(await statuses.post(status({ context: 'long', description: '🚀'.repeat(200) }))).toBe('there')
  })

  it('are not posted again when they took effect although the connection was cut', async () => {
    const on = 'POST /repos/{owner}/{repo}/statuses/{sha}'
    rehearsed.sandbox.faults.api.add({ on, kind: 'cut', when: 'after', times: 1 })
    expect(await statuses.post(status({ context: 'cut' }))).toBe('posted')
    expect(posted().filter(each => each.context === 'cut')).toHaveLength(1)
  })
})
