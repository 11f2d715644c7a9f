import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WorldEvent } from '../../src/sandbox/world/event.ts'
import { installTestApp } from '../support/github-app.ts'
import { type Api, openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

let github: RehearsedGithub
let api: Api
const events: WorldEvent[] = []

beforeAll(async () => {
  github = await openRehearsedGithub()
  github.sandbox.world.subscribe(event => events.push(event))
  api = github.as(github.bob)
})
beforeEach(() => {
  events.length = 0
  github.repository.deployments.length = 0
})
afterAll(() => github.close())

const quiet = { auto_merge: false, required_contexts: [] }

async function deploy(fields: Record<string, unknown> = {}): Promise<number> {
  const answer = await api('POST /repos/acme/shop/deployments', {
    ref: 'main',
    ...quiet,
    environment: 'dev',
    ...fields,
  })
  expect(answer.status).toBe(201)
  return Number(Object(answer.body).id)
}

function status(id: number, fields: Record<string, unknown>): ReturnType<Api> {
  return api(`POST /repos/acme/shop/deployments/${id}/statuses`, fields)
}

async function states(id: number): Promise<unknown[]> {
  const { body } = await api(`GET /repos/acme/shop/deployments/${id}/statuses`)
  return Array.isArray(body) ? body.map(each => Object(each).state) : []
}

describe('deployments', () => {
  it('carry payload, commit and creator, and make their environment', async () => {
    const id = await deploy({ payload: { digest: 'sha256:00' }, environment: 'staging', task: 'deploy:rollback' })
    expect(await api(`GET /repos/acme/shop/deployments/${id}`)).toMatchObject({
      status: 200,
      body: {
        sha: github.head,
        ref: 'main',
        task: 'deploy:rollback',
        payload: { digest: 'sha256:00' },
        environment: 'staging',
        creator: { login: 'bob' },
        performed_via_github_app: null,
      },
    })
    expect(await api('GET /repos/acme/shop/environments/staging')).toMatchObject({ body: { protection_rules: [] } })
    expect(events).toMatchObject([{ name: 'deployment', action: 'created', body: { deployment: { id } } }])
  })

  it('are production only by that name unless they say otherwise', async () => {
    const [named, said, neither] = [
      await deploy({ environment: 'production' }),
      await deploy({ production_environment: true }),
      await deploy(),
    ]
    const isProduction = (id: number) => github.repository.deployments.find(each => each.id === id)?.production
    expect([named, said, neither].map(isProduction)).toEqual([true, true, false])
  })

  it('are listed newest first and filtered by commit, ref, task and environment, never by state', async () => {
    const first = await deploy({ task: 'one' })
    const second = await deploy({ environment: 'staging' })
    const ids = async (query: string) => {
      const { body } = await api(`GET /repos/acme/shop/deployments?${query}`)
      return Array.isArray(body) ? body.map(each => Object(each).id) : []
    }
    expect(await ids('')).toEqual([second, first])
    expect(await ids('task=one')).toEqual([first])
    expect(await ids('environment=staging')).toEqual([second])
    expect(await ids(`sha=${github.head}&ref=main`)).toEqual([second, first])
    expect(await ids('ref=other')).toEqual([])
  })

  it('cannot be deleted while they are active, unless alone', async () => {
    const first = await deploy()
    const second = await deploy()
    expect((await api(`DELETE /repos/acme/shop/deployments/${second}`)).status).toBe(422)
    await status(second, { state: 'inactive' })
    expect((await api(`DELETE /repos/acme/shop/deployments/${second}`)).status).toBe(204)
    expect((await api(`DELETE /repos/acme/shop/deployments/${first}`)).status).toBe(204)
  })

  it('merge the default branch first and make none, unless auto_merge is false', async () => {
    await github.git('push', '--quiet', 'origin', `${github.head}:refs/heads/behind`)
    await github.git('commit', '--quiet', '--allow-empty', '-m', 'ahead')
    await github.git('push', '--quiet', 'origin', 'main')
    const wish = { ref: 'behind', required_contexts: [] }
    expect(await api('POST /repos/acme/shop/deployments', { ...wish, auto_merge: false })).toMatchObject({
      status: 201,
    })
    expect(await api('POST /repos/acme/shop/deployments', wish)).toMatchObject({
      status: 202,
      body: { message: 'Auto-merged main into behind on deployment.' },
    })
    expect(github.repository.deployments).toHaveLength(1)
    expect(await api('POST /repos/acme/shop/deployments', wish)).toMatchObject({ status: 201 })
  })

  it('want every context of the commit green unless the list is empty', async () => {
    await github.git('push', '--quiet', 'origin', 'main:refs/heads/checked')
    await github.git('fetch', '--quiet')
    const sha = await github.git('rev-parse', 'main')
    await api(`POST /repos/acme/shop/statuses/${sha}`, { state: 'pending', context: 'ci' })
    const wish = { ref: 'checked', auto_merge: false }
    expect(await api('POST /repos/acme/shop/deployments', wish)).toMatchObject({ status: 409 })
    expect(await api('POST /repos/acme/shop/deployments', { ...wish, required_contexts: [] })).toMatchObject({
      status: 201,
    })
    await api(`POST /repos/acme/shop/statuses/${sha}`, { state: 'success', context: 'ci' })
    expect(await api('POST /repos/acme/shop/deployments', wish)).toMatchObject({ status: 201 })
  })

  it('refuse an unknown ref, and readers', async () => {
    const unknown = { ref: 'nowhere', ...quiet }
    expect(await api('POST /repos/acme/shop/deployments', unknown)).toMatchObject({ status: 422 })
    expect((await github.as(github.carol)('POST /repos/acme/shop/deployments', { ref: 'main' })).status).toBe(403)
  })
})

describe('deployment statuses', () => {
  it('are listed newest first, with both addresses', async () => {
    const id = await deploy()
    await status(id, { state: 'in_progress', log_url: 'https://example.com/log' })
    const last = await status(id, { state: 'success', environment_url: 'https://example.com', description: 'ok' })
    expect(last).toMatchObject({ status: 201, body: { environment_url: 'https://example.com', description: 'ok' } })
    expect(await states(id)).toEqual(['success', 'in_progress'])
  })

  it('take a description of 140 characters and no more', async () => {
    const id = await deploy()
    expect((await status(id, { state: 'success', description: 'x'.repeat(140) })).status).toBe(201)
    expect((await status(id, { state: 'success', description: 'x'.repeat(141) })).status).toBe(422)
    expect((await status(id, { state: 'waiting' })).status).toBe(422)
  })

  it.each([
    { why: 'an earlier success', earlier: {}, state: 'success', flag: {}, becomes: 'inactive' },
    {
      why: 'a production one',
      earlier: { production_environment: true },
      state: 'success',
      flag: {},
      becomes: 'success',
    },
    {
      why: 'a transient one',
      earlier: { transient_environment: true },
      state: 'success',
      flag: {},
      becomes: 'success',
    },
    { why: 'one that never succeeded', earlier: {}, state: 'failure', flag: {}, becomes: 'failure' },
    { why: 'another environment', earlier: { environment: 'qa' }, state: 'success', flag: {}, becomes: 'success' },
    { why: 'auto_inactive: false', earlier: {}, state: 'success', flag: { auto_inactive: false }, becomes: 'success' },
  ])('after a success GitHub leaves $why as $becomes', async ({ earlier, state, flag, becomes }) => {
    const first = await deploy(earlier)
    await status(first, { state })
    const second = await deploy()
    await status(second, { state: 'success', ...flag })
    expect((await states(first))[0]).toBe(becomes)
  })

  it('are told to the world, inactive ones silently', async () => {
    const id = await deploy()
    await status(id, { state: 'success' })
    await status(id, { state: 'inactive' })
    const told = events.filter(event => event.name === 'deployment_status').map(event => event.silent)
    expect(told).toEqual([false, true])
  })

  it('end at a hundred', async () => {
    const id = await deploy()
    const deployment = github.repository.deployments.find(each => each.id === id)
    await status(id, { state: 'queued' })
    const first = deployment?.statuses[0]
    while (first !== undefined && (deployment?.statuses.length ?? 0) < 100) deployment?.statuses.push(first)
    expect((await status(id, { state: 'success' })).status).toBe(422)
  })
})

describe('environments', () => {
  it('take reviewers, wait timer, self-review and branch policy from administrators only', async () => {
    const settings = {
      wait_timer: 5,
      prevent_self_review: true,
      reviewers: [{ type: 'User', id: github.alice.id }],
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    }
    const path = '/repos/acme/shop/environments/Production'
    expect((await api(`PUT ${path}`, settings)).status).toBe(403)
    const admin = github.as(github.alice)
    expect(await admin(`PUT ${path}`, settings)).toMatchObject({
      status: 200,
      body: {
        protection_rules: [
          { type: 'wait_timer', wait_timer: 5 },
          { type: 'required_reviewers', prevent_self_review: true, reviewers: [{ reviewer: { login: 'alice' } }] },
          { type: 'branch_policy' },
        ],
        deployment_branch_policy: { custom_branch_policies: true },
      },
    })
    const policy = await admin(`POST ${path}/deployment-branch-policies`, { name: 'main' })
    expect(policy).toMatchObject({ status: 200, body: { name: 'main', type: 'branch' } })
    expect(await api(`GET ${path}/deployment-branch-policies`)).toMatchObject({ body: { total_count: 1 } })
    expect((await admin(`DELETE ${path}/deployment-branch-policies/${Object(policy.body).id}`)).status).toBe(204)
    const same = { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } }
    expect((await admin(`PUT ${path}`, same)).status).toBe(422)
    expect((await admin(`PUT ${path}`, { wait_timer: 43_201 })).status).toBe(422)
    expect(await api('GET /repos/acme/shop/environments')).toMatchObject({ status: 200 })
    expect((await admin(`DELETE ${path}`)).status).toBe(204)
    expect((await api(`GET ${path}`)).status).toBe(404)
  })

  it('take an App as protection rule if it may and listens', async () => {
    const admin = github.as(github.alice)
    await installTestApp(github, { slug: 'deaf', permissions: { deployments: 'write', actions: 'read' } })
    const { app } = await installTestApp(github, {
      slug: 'guard',
      permissions: { deployments: 'write', actions: 'read' },
      events: ['deployment_protection_rule'],
    })
    await admin('PUT /repos/acme/shop/environments/guarded', {})
    const rules = '/repos/acme/shop/environments/guarded/deployment_protection_rules'
    expect(await api(`GET ${rules}/apps`)).toMatchObject({ body: { total_count: 1 } })
    const rule = await admin(`POST ${rules}`, { integration_id: app.id })
    expect(rule).toMatchObject({ status: 201, body: { enabled: true, app: { slug: 'guard' } } })
    expect((await admin(`POST ${rules}`, { integration_id: app.id })).status).toBe(422)
    expect(await api(`GET ${rules}`)).toMatchObject({ body: { total_count: 1 } })
    const path = `${rules}/${Object(rule.body).id}`
    expect((await api(`GET ${path}`)).status).toBe(200)
    expect((await admin(`DELETE ${path}`)).status).toBe(204)
    expect(await api(`GET ${rules}`)).toMatchObject({ body: { total_count: 0 } })
  })

  it('list names of secrets and values of variables', async () => {
    const { repository, sandbox } = github
    const admin = github.as(github.alice)
    await admin('PUT /repos/acme/shop/environments/dev', {})
    sandbox.setSecret(repository, { name: 'api_key', value: 'hidden' })
    sandbox.setSecret(repository, { name: 'ring_key', value: 'hidden', environment: 'dev' })
    sandbox.setSecret(github.acme, { name: 'org_key', value: 'hidden' })
    for (const [path, name] of [
      ['/repos/acme/shop/actions/secrets', 'API_KEY'],
      ['/repos/acme/shop/environments/dev/secrets', 'RING_KEY'],
      ['/repos/acme/shop/actions/organization-secrets', 'ORG_KEY'],
    ]) {
      const answer = await admin(`GET ${path}`)
      expect(answer.body).toMatchObject({ total_count: 1, secrets: [{ name }] })
      expect(JSON.stringify(answer.body)).not.toContain('hidden')
    }
    const variables = '/repos/acme/shop/actions/variables'
    expect((await admin(`POST ${variables}`, { name: 'region', value: 'eu' })).status).toBe(201)
    expect((await admin(`POST ${variables}`, { name: 'REGION', value: 'us' })).status).toBe(409)
    expect((await admin(`PATCH ${variables}/region`, { value: 'us' })).status).toBe(204)
    expect(await admin(`GET ${variables}/REGION`)).toMatchObject({ body: { name: 'REGION', value: 'us' } })
    expect((await admin(`DELETE ${variables}/region`)).status).toBe(204)
    expect(await admin(`GET ${variables}`)).toMatchObject({ body: { total_count: 0 } })
    expect((await github.as(github.carol)('GET /repos/acme/shop/actions/secrets')).status).toBe(403)
  })
})
