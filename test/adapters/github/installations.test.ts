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
    expect(await createGithubRepository(app.client).readOrganisationText('rings.yml')).toBe('config: {}\n')
  })
})
