import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/sandbox/faults/seeded-random.ts'
import { WebhookFaults } from '../../src/sandbox/faults/webhook-faults.ts'
import { type InstalledApp, installTestApp } from '../support/github-app.ts'
import { type HookReceiver, openHookReceiver } from '../support/hook-receiver.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

const secret = 'a secret of sufficient length'
let github: RehearsedGithub
let receiver: HookReceiver
let installed: InstalledApp
let greeting: HookReceiver['received'][number] | undefined

beforeEach(async () => {
  github = await openRehearsedGithub({ seed: 7, webhookAnswerWithin: 3_000 })
  receiver = await openHookReceiver()
  installed = await installTestApp(github, {
    slug: 'ringway-test',
    permissions: { issues: 'write', deployments: 'read', checks: 'write', contents: 'read' },
    events: ['issues', 'issue_comment', 'push', 'deployment', 'deployment_status'],
    url: receiver.url,
    secret,
  })
  await github.sandbox.webhooks.settled()
  greeting = receiver.received.shift()
  github.sandbox.webhooks.deliveries.length = 0
})
afterEach(async () => {
  await github.close()
  await receiver.close()
})

async function openIssue(title = 'broken'): Promise<number> {
  const answer = await github.as(github.carol)('POST /repos/acme/shop/issues', { title })
  expect(answer.status).toBe(201)
  return Number(Object(answer.body).number)
}

function names(): unknown[] {
  return receiver.received.map(({ headers }) => headers['x-github-event'])
}

describe('webhooks', () => {
  it('are signed, named and addressed as GitHub does', async () => {
    await openIssue()
    await github.sandbox.webhooks.settled()
    const [first] = receiver.received
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-github-hook-installation-target-id': String(installed.app.id),
      'x-github-hook-installation-target-type': 'integration',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret)
        .update(first?.body ?? '')
        .digest('hex')}`,
    })
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      action: 'opened',
      installation: { id: installed.installation.id },
      organization: { login: 'acme' },
      repository: { full_name: 'acme/shop' },
      sender: { login: 'carol' },
    })
  })

  it('come only for events that the App asked for, and not for inactive deployments', async () => {
    const api = github.as(github.bob)
    await api(`POST /repos/acme/shop/statuses/${github.head}`, { state: 'success' })
    const wish = { ref: 'main', auto_merge: false, required_contexts: [] }
    const { body } = await api('POST /repos/acme/shop/deployments', wish)
    const statuses = `POST /repos/acme/shop/deployments/${Object(body).id}/statuses`
    await api(statuses, { state: 'success' })
    await api(statuses, { state: 'inactive' })
    await github.sandbox.webhooks.settled()
    expect(names()).toEqual(['deployment', 'deployment_status'])
  })

  it('stand in a log that pages by cursor, and are sent again under the same GUID', async () => {
    receiver.answers.push(500)
    await openIssue('one')
    await github.sandbox.webhooks.settled()
    await openIssue('two')
    await github.sandbox.webhooks.settled()
    const log = await installed.asApp('GET /app/hook/deliveries?per_page=1')
    expect(log.body).toMatchObject([{ status: 'OK', status_code: 200, event: 'issues', action: 'opened' }])
    const next = /<([^>]+)>; rel="next"/.exec(log.headers.get('link') ?? '')?.[1] ?? ''
    const older = await installed.asApp(`GET ${next.replace(github.sandbox.apiUrl, '')}`)
    expect(older.body).toMatchObject([{ status_code: 500, redelivery: false }])

    const failed = await installed.asApp('GET /app/hook/deliveries?status=failure')
    expect(failed.body).toHaveLength(1)
    const { id, guid } = Object(failed.body)[0]
    expect((await installed.asApp(`POST /app/hook/deliveries/${id}/attempts`)).status).toBe(202)
    await github.sandbox.webhooks.settled()
    expect(receiver.received.at(-1)?.headers['x-github-delivery']).toBe(guid)
    expect(receiver.received.at(-1)?.body).toBe(receiver.received[0]?.body)
    expect(await installed.asApp('GET /app/hook/deliveries?per_page=1')).toMatchObject({
      body: [{ guid, redelivery: true, status_code: 200 }],
    })
    const whole = await installed.asApp(`GET /app/hook/deliveries/${id}`)
    expect(whole.body).toMatchObject({ request: { payload: { action: 'opened' } }, response: { payload: 'seen' } })
    expect((await github.as(github.alice)('GET /app/hook/deliveries')).status).toBe(401)
  })

  it('greet the App when it is installed', () => {
    expect(greeting?.headers['x-github-event']).toBe('installation')
    expect(JSON.parse(greeting?.body ?? '{}')).toMatchObject({
      action: 'created',
      installation: { id: installed.installation.id, account: { login: 'acme' } },
      repositories: [{ full_name: 'acme/shop' }],
    })
  })

  it('fail when nobody answers in time, or nobody is there', async () => {
    receiver.answers.push('hang')
    await openIssue()
    await github.sandbox.webhooks.settled()
    await receiver.close()
    await openIssue()
    await github.sandbox.webhooks.settled()
    const failed = await installed.asApp('GET /app/hook/deliveries?status=failure')
    expect(failed.body).toMatchObject([
      { status: 'failed to connect to host', status_code: 502 },
      { status: 'failed to connect to host', status_code: 502, duration: expect.closeTo(3, 0) },
    ])
  })

  it('are not repeated by GitHub itself', async () => {
    receiver.answers.push(503)
    await openIssue()
    await github.sandbox.webhooks.settled()
    expect(receiver.received).toHaveLength(1)
  })

  it("go to the App alone whose check run's button was pressed", async () => {
    const other = await installTestApp(github, {
      slug: 'other',
      permissions: { checks: 'write' },
      events: ['check_run'],
      url: receiver.url,
      secret,
    })
    const api = await installed.asInstallation({ checks: 'write' })
    const check = await api('POST /repos/acme/shop/check-runs', {
      name: 'ringway/shop/production',
      head_sha: github.head,
      conclusion: 'action_required',
      actions: [{ label: 'Approve', description: 'Let v1 into production', identifier: 'approve' }],
    })
    expect(check.status).toBe(201)
    await github.sandbox.webhooks.settled()
    expect(names()).toContain('installation')
    receiver.received.length = 0
    github.sandbox.pressButton(github.repository, {
      checkRunId: Object(check.body).id,
      identifier: 'approve',
      by: github.alice,
    })
    await github.sandbox.webhooks.settled()
    expect(receiver.received).toHaveLength(1)
    const [{ headers, body } = { headers: {}, body: '{}' }] = receiver.received
    expect(headers['x-github-hook-installation-target-id']).toBe(String(installed.app.id))
    expect(headers['x-github-hook-installation-target-id']).not.toBe(String(other.app.id))
    expect(JSON.parse(body)).toMatchObject({
      action: 'requested_action',
      requested_action: { identifier: 'approve' },
      sender: { login: 'alice' },
    })
  })
})

describe('faults of webhooks', () => {
  it('drop: it does not arrive, the log says so, and a redelivery brings it', async () => {
    github.sandbox.faults.webhooks.add({ on: 'issues.opened', kind: 'drop', times: 1 })
    await openIssue()
    await github.sandbox.webhooks.settled()
    expect(receiver.received).toHaveLength(0)
    const failed = await installed.asApp('GET /app/hook/deliveries?status=failure')
    await installed.asApp(`POST /app/hook/deliveries/${Object(failed.body)[0].id}/attempts`)
    await github.sandbox.webhooks.settled()
    expect(receiver.received).toHaveLength(1)
  })

  it('lose: not even the log knows', async () => {
    github.sandbox.faults.webhooks.add({ on: 'issues', kind: 'lose', times: 1 })
    await openIssue()
    await openIssue()
    await github.sandbox.webhooks.settled()
    expect(receiver.received).toHaveLength(1)
    expect((await installed.asApp('GET /app/hook/deliveries')).body).toHaveLength(1)
  })

  it('duplicate: twice under one GUID', async () => {
    github.sandbox.faults.webhooks.add({ on: '*', kind: 'duplicate', delayMs: 20, times: 1 })
    await openIssue()
    await github.sandbox.webhooks.settled()
    const guids = receiver.received.map(({ headers }) => headers['x-github-delivery'])
    expect(guids).toHaveLength(2)
    expect(new Set(guids).size).toBe(1)
  })

  it('delay and reorder: later events arrive before earlier ones', async () => {
    github.sandbox.faults.webhooks.add({ on: 'issues', kind: 'delay', delayMs: 300, times: 1 })
    const number = await openIssue()
    await github.as(github.carol)(`POST /repos/acme/shop/issues/${number}/comments`, { body: '/help' })
    await github.sandbox.webhooks.settled()
    expect(names()).toEqual(['issue_comment', 'issues'])
  })

  it('follow from the seed', () => {
    const fates = (seed: number): string => {
      const faults = new WebhookFaults(seededRandom(seed))
      faults.add({ on: '*', kind: 'drop', probability: 0.5 })
      return Array.from({ length: 30 }, () => faults.fateOf({ event: 'push', action: null }).kind).join()
    }
    expect(fates(1)).toBe(fates(1))
    expect(fates(1)).not.toBe(fates(2))
  })
})
