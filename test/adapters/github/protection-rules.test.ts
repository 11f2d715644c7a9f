import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { createGithubEnvironmentInventory } from '../../../src/adapters/github/environment-inventory.ts'
import { createGithubProtectionRules } from '../../../src/adapters/github/protection-rules.ts'
import { createGithubRunRecords } from '../../../src/adapters/github/run-records.ts'
import { webhookPayloads } from '../../../src/adapters/github/webhooks/webhook-payloads.ts'
import type { ProtectionRules } from '../../../src/ports/protection-rules.ts'
import { eventPayload } from '../../../src/sandbox/webhooks/payload.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { collect } from '../../support/collect.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

const workflow = `
name: ringway
run-name: deploy v1 to production p1
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps: [ { run: 'true' } ]
`
let rehearsed: RehearsedGithub
let app: AppOnGithub
let rules: ProtectionRules
const told: { readonly name: string; readonly payload: unknown }[] = []

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed, { events: ['deployment_protection_rule'] })
  const { world } = rehearsed.sandbox
  world.subscribe(event => told.push({ name: event.name, payload: eventPayload(world, event, app.installation) }))
  rules = createGithubProtectionRules(app.client, await app.github.identity())
  const api = rehearsed.as(rehearsed.alice)
  await api('PUT /repos/acme/shop/environments/production', {})
  const rule = { integration_id: app.app.id }
  await api('POST /repos/acme/shop/environments/production/deployment_protection_rules', rule)
})
afterAll(() => rehearsed.close())

const pushWorkflow = async (): Promise<number> => {
  await mkdir(join(rehearsed.clone, '.github/workflows'), { recursive: true })
  await writeFile(join(rehearsed.clone, '.github/workflows/ringway.yml'), workflow)
  await rehearsed.git('add', '.')
  await rehearsed.git('commit', '--quiet', '--allow-empty', '-m', 'deploy')
  await rehearsed.git('push', '--quiet', 'origin', 'HEAD:main')
  for (;;) {
    const [waiting] = await collect(rules.waiting())
    if (waiting !== undefined) return waiting.run.id
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

describe('a run that our rule holds', () => {
  it('is found waiting, hears how far it is, and is let through once', async () => {
    const run = await pushWorkflow()
    const records = createGithubRunRecords(app.client)
    expect(await collect(rules.waiting())).toMatchObject([
      {
        run: {
          id: run,
          title: 'deploy v1 to production p1',
          status: 'waiting',
          conclusion: undefined,
          event: 'push',
          workflow: '.github/workflows/ringway.yml',
          headBranch: 'main',
          attempt: 1,
          actor: { login: 'alice' },
        },
        environments: [{ name: 'production', waitTimer: 0, hasReviewers: false }],
      },
    ])
    const held = { run, environment: 'production' }
    expect(await rules.report(held, `waits ${'x'.repeat(2_000)}`)).toBe('reported')
    const lost = { kind: 'error', status: 502, when: 'after', times: 1 } as const
    const on = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule'
    rehearsed.sandbox.faults.api.add({ on, ...lost })
    expect(await rules.report(held, 'waits for @ada')).toBe('reported')
    expect(await rules.decide(held, { verdict: 'approved', comment: 'p1 is authorised' })).toBe('decided')
    expect(await rules.decide(held, { verdict: 'rejected', comment: 'too late' })).toBe('already_decided')
    expect(await rules.report(held, 'too late')).toBe('refused')
    const history = await rules.history(run)
    expect(history.map(({ state, environments, account }) => [state, environments, account?.login])).toEqual([
      ['pending', ['production'], 'ringway[bot]'],
      ['pending', ['production'], 'ringway[bot]'],
      ['approved', ['production'], 'ringway[bot]'],
    ])
    expect(history[0]?.comment).toHaveLength(1_022)
    await expect.poll(async () => (await records.read(run))?.conclusion).toBe('success')
    expect(await records.cancel(run)).toBe('ended')
    expect(await collect(rules.waiting())).toEqual([])
  })

  it('is cancelled while it waits', async () => {
    const run = await pushWorkflow()
    const records = createGithubRunRecords(app.client)
    expect(await records.cancel(run)).toBe('cancelled')
    await expect.poll(async () => (await records.read(run))?.conclusion).toBe('cancelled')
    expect(await records.read(4711)).toBeUndefined()
  })
})

describe('what the App is told of such a run', () => {
  it('is read, each event of it', () => {
    const decoders = new Map<string, z.ZodType>(Object.entries(webhookPayloads))
    const read = told.flatMap(({ name, payload }) => {
      const decoder = decoders.get(name)
      return decoder === undefined ? [] : [{ name, problems: decoder.safeParse(payload).error?.issues }]
    })
    expect(read.filter(({ problems }) => problems !== undefined)).toEqual([])
    const names = ['push', 'check_run', 'deployment_protection_rule', 'deployment', 'deployment_status', 'workflow_run']
    expect([...new Set(read.map(({ name }) => name))]).toEqual(expect.arrayContaining(names))
    const rule = told.find(({ name }) => name === 'deployment_protection_rule')
    expect(webhookPayloads.deployment_protection_rule.parse(rule?.payload)).toMatchObject({
      tenant: app.installation.id,
      environment: 'production',
      event: 'push',
      deployment: { commit: rehearsed.repository.deployments[0]?.sha, app: 'github-actions' },
    })
  })
})

describe('an environment', () => {
  it('shows names and never values, and tells none from those that we may not see', async () => {
    const { sandbox, repository, acme } = rehearsed
    const secret = { environment: 'production', name: 'OPENAI_API_KEY', value: 'not to be seen' }
    sandbox.setSecret(repository, secret)
    for (let n = 0; n < 31; n += 1) sandbox.setVariable(repository, { name: `V${n}`, value: 'not to be seen' })
    sandbox.setSecret(acme, { name: 'SHARED', value: 'not to be seen' })
    const inventory = createGithubEnvironmentInventory(app.client, await app.github.identity())
    const settings = await inventory.settings('production')
    expect(settings).toMatchObject({
      environment: { secrets: ['OPENAI_API_KEY'], variables: [] },
      repository: { secrets: [], variables: expect.arrayContaining(['V0', 'V30']) },
      organisation: { secrets: ['SHARED'], variables: [] },
    })
    expect(settings.repository.variables).toHaveLength(31)
    expect(JSON.stringify(settings)).not.toContain('not to be seen')
    const place = { tenant: app.installation.id, repository: repository.id }
    const blind = await app.github.clientFor(place, { metadata: 'read', actions: 'read', secrets: 'read' })
    const seen = await createGithubEnvironmentInventory(blind, await app.github.identity()).settings('production')
    expect(seen.environment).toEqual({ secrets: 'unknown', variables: 'unknown' })
    expect(seen.repository).toEqual({ secrets: [], variables: 'unknown' })
    expect((await inventory.settings('nowhere')).environment.secrets).toBe('unknown')
  })

  it('tells our rule from those of others, and who must review', async () => {
    const { sandbox, acme, alice, bob } = rehearsed
    const team = sandbox.addTeam(acme, { slug: 'sre', members: [bob] })
    const api = rehearsed.as(alice)
    const other = await openAppOnGithub(rehearsed, { slug: 'other', events: ['deployment_protection_rule'] })
    await api('PUT /repos/acme/shop/environments/staging', {
      wait_timer: 5,
      prevent_self_review: true,
      reviewers: [
        { type: 'User', id: bob.id },
        { type: 'Team', id: team.id },
      ],
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    })
    const rule = { integration_id: other.app.id }
    await api('POST /repos/acme/shop/environments/staging/deployment_protection_rules', rule)
    const inventory = createGithubEnvironmentInventory(app.client, await app.github.identity())
    expect(await inventory.protection('staging')).toEqual({
      customRules: [{ app: 'other', isOurs: false, isEnabled: true }],
      reviewers: {
        people: [{ login: 'bob', id: bob.id, type: 'User' }],
        teams: ['sre'],
        preventSelfReview: true,
      },
      waitTimer: 5,
      branches: 'protected',
      canAdminsBypass: true,
    })
    expect(await inventory.protection('production')).toMatchObject({
      customRules: [{ app: 'ringway', isOurs: true, isEnabled: true }],
      reviewers: undefined,
      waitTimer: 0,
      branches: 'all',
    })
    expect(await inventory.protection('nowhere')).toBeUndefined()
  })
})
