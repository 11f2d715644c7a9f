import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idTokenRequestUrl } from '../../src/sandbox/oidc/identity-routes.ts'
import { mintJobToken, revokeToken } from '../../src/sandbox/world/mint-token.ts'
import type { Permissions } from '../../src/sandbox/world/permission.ts'
import { appJwt, type InstalledApp, installTestApp } from '../support/github-app.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

let github: RehearsedGithub
let installed: InstalledApp

beforeAll(async () => {
  github = await openRehearsedGithub()
  installed = await installTestApp(github, {
    slug: 'ringway-test',
    permissions: { deployments: 'write', issues: 'write', members: 'read', pull_requests: 'read' },
  })
})
afterAll(() => github.close())

function jobToken(permissions: Permissions, lifetimeMs = 60_000): string {
  const { sandbox, repository, alice } = github
  const expiresAt = new Date(Date.now() + lifetimeMs)
  return mintJobToken(sandbox.world, { repository, permissions, runId: 1, jobId: 1, triggeredBy: alice, expiresAt })
    .value
}

const refused = { status: 403, body: { message: 'Resource not accessible by integration' } }

describe("a job's token", () => {
  it('has exactly the permissions it was given', async () => {
    const none = github.as(jobToken({}))
    expect(await none('GET /repos/acme/shop')).toMatchObject({ status: 200 })
    expect(await none('GET /repos/acme/shop/contents/x')).toMatchObject(refused)
    const reader = github.as(jobToken({ contents: 'read', deployments: 'read' }))
    expect((await reader('GET /repos/acme/shop/branches/main')).status).toBe(200)
    expect((await reader('GET /repos/acme/shop/deployments')).status).toBe(200)
    const wish = { ref: 'main', auto_merge: false, required_contexts: [] }
    expect(await reader('POST /repos/acme/shop/deployments', wish)).toMatchObject(refused)
    const writer = github.as(jobToken({ deployments: 'write' }))
    expect(await writer('POST /repos/acme/shop/deployments', wish)).toMatchObject({
      status: 201,
      body: { creator: { login: 'github-actions[bot]' }, performed_via_github_app: { slug: 'github-actions' } },
    })
  })

  it('is good for its own repository, its own time, and until it is revoked', async () => {
    const { sandbox, acme } = github
    await sandbox.createRepository({ owner: acme, name: 'other' })
    const token = jobToken({ contents: 'read' })
    expect((await github.as(token)('GET /repos/acme/other')).status).toBe(404)
    expect((await github.as(jobToken({ contents: 'read' }, -1))('GET /repos/acme/shop')).status).toBe(401)
    revokeToken(sandbox.world, token)
    expect(await github.as(token)('GET /repos/acme/shop')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    })
  })
})

describe('people', () => {
  it('may what their role says; a stranger is told that nothing is there', async () => {
    const mallory = github.sandbox.addUser('mallory')
    expect((await github.as(mallory)('GET /repos/acme/shop')).status).toBe(404)
    expect((await github.as(undefined)('GET /repos/acme/shop')).status).toBe(404)
    expect((await github.as(github.carol)('GET /repos/acme/shop/deployments')).status).toBe(200)
    expect((await github.as(github.carol)('POST /repos/acme/shop/git/refs', {})).status).toBe(403)
    expect((await github.as('ghp_nonsense')('GET /user')).status).toBe(401)
    expect(await github.as(github.bob)('GET /user')).toMatchObject({ status: 200, body: { login: 'bob' } })
  })

  it('are collaborators or not', async () => {
    const api = github.as(github.alice)
    expect((await api('GET /repos/acme/shop/collaborators/carol')).status).toBe(204)
    github.sandbox.addUser('outsider')
    expect((await api('GET /repos/acme/shop/collaborators/outsider')).status).toBe(404)
  })

  it('have a folded permission and an exact role', async () => {
    const { sandbox, repository, alice } = github
    const mia = sandbox.addUser('mia')
    repository.collaborators.set(mia.id, { account: mia, role: 'maintain' })
    const api = github.as(alice)
    expect(await api('GET /repos/acme/shop/collaborators/mia/permission')).toMatchObject({
      body: { permission: 'write', role_name: 'maintain', user: { login: 'mia' } },
    })
    sandbox.addUser('nobody')
    expect(await api('GET /repos/acme/shop/collaborators/nobody/permission')).toMatchObject({
      body: { permission: 'none', role_name: 'none' },
    })
  })

  it('get roles through teams, whose members an App with members: read sees', async () => {
    const { sandbox, repository, acme } = github
    const tom = sandbox.addUser('tom')
    const team = sandbox.addTeam(acme, { slug: 'release', members: [tom] })
    repository.teamRoles.set(team.id, 'admin')
    expect(await github.as(github.alice)('GET /repos/acme/shop/collaborators/tom/permission')).toMatchObject({
      body: { role_name: 'admin' },
    })
    const api = await installed.asInstallation()
    expect(await api('GET /orgs/acme/teams/release/memberships/tom')).toMatchObject({
      status: 200,
      body: { state: 'active', role: 'member' },
    })
    expect((await api('GET /orgs/acme/teams/release/memberships/bob')).status).toBe(404)
    expect((await api('GET /orgs/acme/teams/release/members')).body).toMatchObject([{ login: 'tom' }])
    expect(await api('GET /orgs/acme/teams/release')).toMatchObject({ body: { members_count: 1 } })
    const narrow = await installed.asInstallation({ deployments: 'read' })
    expect((await narrow('GET /orgs/acme/teams/release/memberships/tom')).status).toBe(404)
  })
})

describe('an App', () => {
  it('proves itself with an RS256 JWT of at most ten minutes', async () => {
    const { app, privateKey, asApp } = installed
    expect(await asApp('GET /app')).toMatchObject({ status: 200, body: { slug: 'ringway-test', id: app.id } })
    expect((await github.as(await appJwt({ issuer: app.clientId, privateKey }))('GET /app')).status).toBe(200)
    const tooLong = await appJwt({ issuer: String(app.id), privateKey, lifetime: 3600 })
    expect(await github.as(tooLong)('GET /app')).toMatchObject({
      status: 401,
      body: { message: /too far in the future/ },
    })
    const expired = await appJwt({ issuer: String(app.id), privateKey, lifetime: -120 })
    expect((await github.as(expired)('GET /app')).status).toBe(401)
    const other = await installTestApp(github, { slug: 'thief', permissions: {} })
    const stolen = await appJwt({ issuer: String(app.id), privateKey: other.privateKey })
    expect((await github.as(stolen)('GET /app')).status).toBe(401)
    const weak = await appJwt({ issuer: String(app.id), privateKey, algorithm: 'RS512' })
    expect((await github.as(weak)('GET /app')).status).toBe(401)
    expect((await github.as(github.alice)('GET /app')).status).toBe(401)
  })

  it('finds its installations and gets tokens no wider than what was granted', async () => {
    const { asApp, installation } = installed
    expect((await asApp('GET /app/installations')).body).toMatchObject([{ id: installation.id }])
    expect(await asApp('GET /repos/acme/shop/installation')).toMatchObject({ body: { id: installation.id } })
    expect((await asApp('GET /repos/acme/nowhere/installation')).status).toBe(404)
    expect(await asApp('GET /orgs/acme/installation')).toMatchObject({ body: { id: installation.id } })
    expect((await asApp('GET /users/carol/installation')).status).toBe(404)
    const tokens = `POST /app/installations/${installation.id}/access_tokens`
    expect((await asApp(tokens, { permissions: { contents: 'write' } })).status).toBe(422)
    expect((await asApp(tokens, { repository_ids: [1] })).status).toBe(422)
    const narrow = await asApp(tokens, { repository_ids: [github.repository.id], permissions: { issues: 'write' } })
    expect(narrow).toMatchObject({
      status: 201,
      body: { repository_selection: 'selected', permissions: { issues: 'write' } },
    })
    const api = github.as(String(Object(narrow.body).token))
    expect(await api('GET /installation/repositories')).toMatchObject({ body: { total_count: 1 } })
    expect((await api('GET /repos/acme/other')).status).toBe(404)
    expect((await api('POST /repos/acme/shop/issues', { title: 'by the App' })).body).toMatchObject({
      user: { login: 'ringway-test[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'ringway-test' },
    })
    expect(await api('GET /repos/acme/shop/deployments')).toMatchObject(refused)
    expect((await api('DELETE /installation/token')).status).toBe(204)
    expect((await api('GET /installation/repositories')).status).toBe(401)
  })
})

describe('the hourly budget', () => {
  it('is told in every answer and ends with a 403', async () => {
    const { sandbox, acme } = github
    const repository = await sandbox.createRepository({ owner: acme, name: 'busy' })
    const expiresAt = new Date(Date.now() + 60_000)
    const job = { repository, permissions: {}, runId: 1, jobId: 1, triggeredBy: github.alice, expiresAt }
    const api = github.as(mintJobToken(sandbox.world, job).value)
    const first = await api('GET /repos/acme/busy')
    expect(first.headers.get('x-ratelimit-limit')).toBe('1000')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('999')
    expect(await api('GET /rate_limit')).toMatchObject({ body: { rate: { remaining: 999, used: 1 } } })
    for (let used = 1; used < 1000; used += 100) await Promise.all(Array.from({ length: 100 }, () => api('GET /meta')))
    const last = await api('GET /repos/acme/busy')
    expect(last).toMatchObject({ status: 403, body: { message: /rate limit exceeded/ } })
    expect(last.headers.get('x-ratelimit-remaining')).toBe('0')
  })
})

describe('identity tokens', () => {
  it('are signed for the audience a job asks for, and verifiable by discovery', async () => {
    const { world, url } = github.sandbox
    const requestToken = world.identity.admit({
      claims: () => ({ sub: 'repo:acme/shop:environment:dev', repository_id: '7', environment: 'dev' }),
      defaultAudience: 'https://github.com/acme',
    })
    const ask = (query: string) =>
      fetch(idTokenRequestUrl(world) + query, { headers: { authorization: `Bearer ${requestToken}` } })
    const discovery = Object(await (await fetch(`${url}/.well-known/openid-configuration`)).json())
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri))
    const { value } = Object(await (await ask('&audience=ringway')).json())
    const { payload } = await jwtVerify(value, keys, { issuer: discovery.issuer, audience: 'ringway' })
    expect(payload).toMatchObject({ environment: 'dev', repository_id: '7', sub: 'repo:acme/shop:environment:dev' })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
    const plain = Object(await (await ask('')).json())
    expect((await jwtVerify(plain.value, keys)).payload.aud).toBe('https://github.com/acme')
    world.identity.dismiss(requestToken)
    expect((await ask('')).status).toBe(401)
  })
})

describe("a person's own token", () => {
  it('is told what it is for, when it is a classic one', async () => {
    const { sandbox, bob } = github
    const scopesOf = async (scopes?: readonly string[] | 'fine-grained'): Promise<string | null> =>
      (await github.as(sandbox.tokenOf(bob, scopes))('GET /user')).headers.get('x-oauth-scopes')
    expect(await scopesOf()).toBe('repo, workflow')
    expect(await scopesOf(['read:org'])).toBe('read:org')
    expect(await scopesOf([])).toBe('')
    expect(await scopesOf('fine-grained')).toBeNull()
  })
  it('sees what its owner may, and which repositories they belong to', async () => {
    const { sandbox, acme, alice, bob, carol } = github
    await sandbox.createRepository({ owner: acme, name: 'open', private: false })
    const read = { admin: false, maintain: false, push: false, triage: false, pull: true }
    expect((await github.as(bob)('GET /repos/acme/open')).body).toMatchObject({ permissions: read })
    expect((await github.as(carol)('GET /repos/acme/shop')).body).toMatchObject({ permissions: read })
    expect((await github.as(carol)('GET /user/repos')).body).toMatchObject([{ name: 'shop', permissions: read }])
    expect((await github.as(alice)('GET /user/repos?per_page=100')).body).toContainEqual(
      expect.objectContaining({
        name: 'open',
        permissions: { ...read, admin: true, maintain: true, push: true, triage: true },
      }),
    )
    expect((await github.as(undefined)('GET /user/repos')).status).toBe(401)
  })
})
