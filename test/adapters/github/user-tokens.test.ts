import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOctokitRequester } from '../../../src/adapters/github/octokit-requester.ts'
import { createGithubUserTokens } from '../../../src/adapters/github/user-tokens.ts'
import type { NamedRepository, UserTokens } from '../../../src/ports/user-tokens.ts'
import { mintJobToken } from '../../../src/sandbox/world/mint-token.ts'
import type { Repository } from '../../../src/sandbox/world/repository.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let github: RehearsedGithub
let hidden: Repository
let elapsed = 0
let asked: string[] = []
let userTokens: UserTokens

beforeAll(async () => {
  github = await openRehearsedGithub()
  const { sandbox, acme } = github
  hidden = await sandbox.createRepository({ owner: acme, name: 'hidden', private: true })
  const requester = createOctokitRequester(sandbox.apiUrl)
  userTokens = createGithubUserTokens(
    {
      request(route, parameters, credentials) {
        asked.push(route)
        return requester.request(route, parameters, credentials)
      },
    },
    () => elapsed,
  )
})
afterAll(() => github.close())

const named = ({ id, name }: Repository): NamedRepository => ({ tenant: 7, repository: id, owner: 'acme', name })

describe('[M19] whom a token belongs to', () => {
  it('and whether it may write there, and so here', async () => {
    const { sandbox, bob } = github
    const { id, login } = bob
    expect(await userTokens.owner(sandbox.tokenOf(bob))).toEqual({ id, login, mayWrite: true })
    for (const scopes of [[], ['public_repo'], ['read:org', 'repo:status'], 'fine-grained'] as const) {
      expect(await userTokens.owner(sandbox.tokenOf(bob, scopes))).toEqual({ id, login, mayWrite: false })
    }
  })
  it('is nobody for a token that GitHub does not know, and for one of a job', async () => {
    const { sandbox, repository, alice } = github
    const job = { repository, permissions: {}, runId: 1, jobId: 1, triggeredBy: alice }
    const { value } = mintJobToken(sandbox.world, { ...job, expiresAt: new Date(Date.now() + 60_000) })
    expect(await userTokens.owner(`ghp_${'x'.repeat(36)}`)).toBeUndefined()
    expect(await userTokens.owner(value)).toBeUndefined()
  })
})

describe('[M19] which role they have', () => {
  it('is what GitHub tells them', async () => {
    const { sandbox, repository, alice, bob, carol } = github
    const roles = await Promise.all(
      [alice, bob, carol].map(who => userTokens.role(sandbox.tokenOf(who), named(repository))),
    )
    expect(roles).toEqual(['admin', 'write', 'read'])
  })
  it('[A19] is none where they are not shown the repository, or where the name is that of another one', async () => {
    const { sandbox, repository, alice, bob } = github
    expect(await userTokens.role(sandbox.tokenOf(bob), named(hidden))).toBeUndefined()
    expect(await userTokens.role(sandbox.tokenOf(alice), named(hidden))).toBe('admin')
    const other = { ...named(repository), repository: repository.id + 1_000 }
    expect(await userTokens.role(sandbox.tokenOf(alice), other)).toBeUndefined()
    expect(await userTokens.role(`ghp_${'y'.repeat(36)}`, named(hidden))).toBeUndefined()
  })
  it('is listed for what they belong to, page by page', async () => {
    const { sandbox, repository, alice, bob } = github
    expect(await userTokens.repositories(sandbox.tokenOf(bob))).toEqual(new Map([[repository.id, 'write']]))
    const all = await userTokens.repositories(sandbox.tokenOf(alice))
    expect(all).toEqual(
      new Map([
        [repository.id, 'admin'],
        [hidden.id, 'admin'],
      ]),
    )
  })
})

describe('an answer', () => {
  it('is kept for a minute, for each token and repository', async () => {
    const { sandbox, repository, bob } = github
    const token = sandbox.tokenOf(bob)
    asked = []
    await Promise.all([1, 2, 3].map(() => userTokens.role(token, named(repository))))
    await userTokens.role(token, named(hidden))
    expect(asked).toHaveLength(2)
    elapsed += 59_999
    await userTokens.role(token, named(repository))
    expect(asked).toHaveLength(2)
    elapsed += 1
    await userTokens.role(token, named(repository))
    expect(asked).toHaveLength(3)
  })
  it('that GitHub did not give is an error, holds no token, and is not kept', async () => {
    const { sandbox, bob } = github
    const token = sandbox.tokenOf(bob)
    const faults = [
      { kind: 'error', status: 502, when: 'before' },
      { kind: 'cut', when: 'before' },
      { kind: 'primary_rate_limit', status: 403, resetInSeconds: 60 },
      { kind: 'secondary_rate_limit', status: 429 },
    ] as const
    for (const fault of faults) {
      sandbox.faults.api.add({ ...fault, on: 'GET /user', times: 1 })
      const failure = await userTokens.owner(token).catch((error: unknown) => error)
      expect(failure, fault.kind).toMatchObject({ code: 'github_unreachable', kind: 'errored' })
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(token)
    }
    expect(await userTokens.owner(token)).toMatchObject({ login: 'bob' })
  })
})
