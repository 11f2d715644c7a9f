import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubPeople } from '../../../src/adapters/github/people.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let app: AppOnGithub

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed)
  const { repository, sandbox, alice, bob, carol, acme } = rehearsed
  sandbox.addTeam(acme, { slug: 'sre', members: [alice, bob] })
  sandbox.addTeam(acme, { slug: 'platform', members: [alice] })
  repository.collaborators.set(carol.id, { account: carol, role: 'triage' })
})
afterAll(() => rehearsed.close())

const people = () => createGithubPeople(app.client)

describe('people', () => {
  it('have the exact role, where the permission folds maintain and triage', async () => {
    const { repository, alice, bob, carol } = rehearsed
    repository.collaborators.set(bob.id, { account: bob, role: 'maintain' })
    expect(await people().roleOf(alice)).toEqual({ role: 'admin', permission: 'admin' })
    expect(await people().roleOf(bob)).toEqual({ role: 'maintain', permission: 'write' })
    expect(await people().roleOf(carol)).toEqual({ role: 'triage', permission: 'read' })
    expect(await people().roleOf({ login: 'nobody', id: 4711 })).toEqual({ role: 'none', permission: 'none' })
    expect(await people().roleOf(rehearsed.sandbox.addUser('dave'))).toEqual({ role: 'none', permission: 'none' })
  })

  it('B42: are known by their id: a login that somebody else took over brings no right along', async () => {
    const mallory = rehearsed.sandbox.addUser('mallory')
    expect(await people().roleOf({ login: 'alice', id: mallory.id })).toEqual({ role: 'none', permission: 'none' })
    expect(await people().roleOf({ login: 'alice-as-she-was', id: rehearsed.alice.id })).toMatchObject({
      role: 'admin',
    })
    expect(await people().isMember('sre', { login: 'alice', id: mallory.id })).toBe(false)
  })

  it('are members of teams, of those that were asked for', async () => {
    const { alice, bob } = rehearsed
    expect(await people().isMember('platform', alice)).toBe(true)
    expect(await people().isMember('platform', bob)).toBe(false)
    expect(await people().teamsOf(alice, ['sre', 'nowhere', 'platform'])).toEqual(['sre', 'platform'])
    expect(await people().account(bob.id)).toEqual({ login: 'bob', id: bob.id, type: 'User' })
    expect(await people().account(4711)).toBeUndefined()
  })
})
