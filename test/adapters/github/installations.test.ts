import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubInstallations } from '../../../src/adapters/github/installations.ts'
import { createGithubRepository } from '../../../src/adapters/github/repository.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { collect } from '../../support/collect.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let app: AppOnGithub

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed)
})
afterAll(() => rehearsed.close())

const put = async (repository: string, path: string, text: string): Promise<void> => {
  const body = { message: 'write', content: Buffer.from(text).toString('base64') }
  const { status } = await rehearsed.as(rehearsed.alice)(`PUT /repos/acme/${repository}/contents/${path}`, body)
  expect(status).toBe(201)
}

describe('installations', () => {
  it('are listed with what they were granted, and their repositories with what they are called', async () => {
    const installations = createGithubInstallations(app.github)
    expect(await collect(installations.list())).toEqual([
      {
        id: app.installation.id,
        account: { login: 'acme', id: rehearsed.acme.id, kind: 'organisation' },
        suspended: false,
        permissions: app.app.permissions,
        events: [],
      },
    ])
    expect(await collect(installations.repositories(app.installation.id))).toEqual([
      {
        id: rehearsed.repository.id,
        fullName: 'acme/shop',
        defaultBranch: 'main',
        isPrivate: true,
        isArchived: false,
        isFork: false,
      },
    ])
    expect(await installations.read(app.installation.id)).toMatchObject({ suspended: false })
    expect(await installations.read(4711)).toBeUndefined()
    await expect(collect(installations.repositories(4711))).rejects.toMatchObject({ code: 'app_not_installed' })
  })

  it('know the App by its own login', async () => {
    expect(await app.github.identity()).toEqual({ id: app.app.id, slug: 'ringway', login: 'ringway[bot]' })
  })
})

describe('a client of a repository', () => {
  it('has a token for that repository alone, and one for each need that is narrower', async () => {
    const other = await rehearsed.sandbox.createRepository({ owner: rehearsed.acme, name: 'other' })
    await app.client.read('GET /repos/{owner}/{repo}')
    expect(await app.client.read(`GET /repos/acme/${other.name}`)).toBeUndefined()
    const place = { tenant: app.installation.id, repository: rehearsed.repository.id }
    const narrow = await app.github.clientFor(place, { metadata: 'read' })
    await expect(narrow.read('GET /repos/{owner}/{repo}/deployments')).rejects.toMatchObject({ code: 'github_denied' })
    await expect(app.github.clientFor({ ...place, repository: 4711 })).rejects.toMatchObject({
      code: 'app_not_installed',
      remedy: expect.stringContaining('cover the repository'),
    })
  })

  it('reads the files that all repositories of the organisation share, although they stand in another repository', async () => {
    const repository = createGithubRepository(app.client)
    expect(await repository.readOrganisationText('rings.yml')).toBeUndefined()
    await rehearsed.sandbox.createRepository({
      owner: rehearsed.acme,
      name: '.github',
      from: { copy: rehearsed.clone },
      collaborators: [{ account: rehearsed.alice, role: 'admin' }],
    })
    await put('.github', 'rings.yml', 'config: {}\n')
    // A no is remembered, until GitHub tells that the installation covers other repositories now.
    expect(await createGithubRepository(app.client).readOrganisationText('rings.yml')).toBeUndefined()
    app.github.forget(app.installation.id)
    const calls = app.budget.taken.length
    const on = 'GET /repos/{owner}/{repo}/contents/{path}'
    rehearsed.sandbox.faults.api.add({ on, kind: 'secondary_rate_limit', status: 403, retryAfterSeconds: 3, times: 1 })
    expect(await createGithubRepository(app.client).readOrganisationText('rings.yml')).toBe('config: {}\n')
    expect(app.budget.taken).toHaveLength(calls + 2)
    expect(app.budget.refusals).toEqual([{ limit: 'secondary', retryAfterMs: 3_000 }])
  })
})

describe('what happens to a repository or an installation', () => {
  it('a renamed repository is found under its new name, for reading and for writing, by clients that were there before', async () => {
    const { sandbox, repository, alice, head } = rehearsed
    const status = (context: string) => ({
      route: 'POST /repos/{owner}/{repo}/statuses/{sha}',
      parameters: { sha: head, state: 'success', context },
      decode: (data: unknown) => Object(data).context,
    })
    sandbox.renameRepository(repository, { name: 'store', by: alice })
    expect((await app.client.read('GET /repos/{owner}/{repo}'))?.data).toMatchObject({ full_name: 'acme/store' })
    expect(app.client.repo).toBe('store')
    sandbox.renameRepository(repository, { name: 'shop', by: alice })
    expect(await app.client.change(status('after'))).toBe('after')
    expect(repository.commitStatuses.filter(({ context }) => context === 'after')).toHaveLength(1)
    expect(app.client.repo).toBe('shop')
  })

  it('a repository whose old name somebody else took is never taken for the other one', async () => {
    const { sandbox, repository, alice, acme } = rehearsed
    sandbox.renameRepository(repository, { name: 'moved', by: alice })
    const other = await sandbox.createRepository({ owner: acme, name: 'shop' })
    app.clock.pass(6 * 60_000)
    expect((await app.client.read('GET /repos/{owner}/{repo}'))?.data).toMatchObject({ id: repository.id })
    sandbox.renameRepository(other, { name: 'another', by: alice })
    sandbox.renameRepository(repository, { name: 'shop', by: alice })
  })

  it('a token that GitHub takes no longer is replaced once, and one near its end before it is used', async () => {
    const { world } = rehearsed.sandbox
    const { client, clock } = await openAppOnGithub(rehearsed, { slug: 'renewing' })
    for (const token of world.tokens.values()) if (token.kind === 'installation') world.tokens.delete(token.value)
    expect((await client.read('GET /repos/{owner}/{repo}'))?.status).toBe(200)
    const before = world.tokens.size
    await client.read('GET /repos/{owner}/{repo}')
    expect(world.tokens.size).toBe(before)
    clock.pass(56 * 60_000)
    await Promise.all([1, 2, 3].map(() => client.read('GET /repos/{owner}/{repo}')))
    expect(world.tokens.size).toBe(before + 1)
  })

  it('a clock that is wrong by an hour is set right by the answer that refuses its JWT', async () => {
    const fresh = await openAppOnGithub(rehearsed, { slug: 'late' })
    fresh.clock.pass(65 * 60_000)
    expect((await fresh.github.calls.read('GET /app/installations'))?.status).toBe(200)
  })

  it('an owner who has not granted all of it gets a client for what was granted', async () => {
    const fresh = await openAppOnGithub(rehearsed, { slug: 'modest' })
    const { actions_variables: _, ...granted } = fresh.installation.permissions
    fresh.installation.permissions = { ...granted, checks: 'read' }
    const place = { tenant: fresh.installation.id, repository: rehearsed.repository.id }
    fresh.github.forget(place.tenant)
    const client = await fresh.github.clientFor(place)
    expect((await client.read('GET /repos/{owner}/{repo}/deployments'))?.data).toEqual([])
    await expect(client.read('GET /repos/{owner}/{repo}/actions/variables')).rejects.toMatchObject({
      code: 'github_denied',
      remedy: expect.stringContaining("App's installation"),
    })
  })

  it('a suspended or removed installation is told from a missing permission', async () => {
    const fresh = await openAppOnGithub(rehearsed, { slug: 'leaving' })
    const place = { tenant: fresh.installation.id, repository: rehearsed.repository.id }
    rehearsed.sandbox.suspendApp(fresh.installation, rehearsed.alice)
    fresh.github.forget(place.tenant)
    await expect(fresh.github.clientFor(place)).rejects.toMatchObject({ code: 'app_not_installed' })
    const installations = createGithubInstallations(fresh.github)
    expect(await installations.read(place.tenant)).toMatchObject({ suspended: true })
    rehearsed.sandbox.suspendApp(fresh.installation, rehearsed.alice)
    const client = await fresh.github.clientFor(place)
    rehearsed.sandbox.uninstallApp(fresh.installation, rehearsed.alice)
    await expect(client.read('GET /repos/{owner}/{repo}')).rejects.toMatchObject({ code: 'app_not_installed' })
    expect(await collect(installations.list())).toEqual([])
  })
})
