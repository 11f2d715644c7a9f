import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import { type InstalledApp, installTestApp } from '../support/github-app.ts'
import { type HookReceiver, openHookReceiver } from '../support/hook-receiver.ts'
import { type Api, openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

const workflow = `
name: ship
on:
  push: { branches: [main] }
  pull_request:
  workflow_dispatch:
    inputs:
      environment: { type: environment, required: true }
jobs:
  build:
    if: \${{ github.event_name != 'workflow_dispatch' }}
    runs-on: ubuntu-latest
    permissions: { contents: read, statuses: write }
    steps:
      - uses: actions/checkout@v4
      - run: |
          test -f app.txt
          echo "::warning file=app.txt,line=1::look here"
          curl -sf -X POST -H "Authorization: Bearer \${{ github.token }}" -H "Content-Type: application/json" \\
            -d '{"state":"success","context":"built"}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/statuses/$GITHUB_SHA" > /dev/null
  deploy:
    if: \${{ github.event_name == 'workflow_dispatch' }}
    runs-on: ubuntu-latest
    environment: \${{ inputs.environment }}
    permissions: { id-token: write }
    steps:
      - run: echo "to $RING" && test -n "$ACTIONS_ID_TOKEN_REQUEST_URL"
        env: { RING: "\${{ vars.RING }}" }
`

let github: RehearsedGithub
let receiver: HookReceiver
let installed: InstalledApp
let bob: Api
let alice: Api

beforeAll(async () => {
  github = await openRehearsedGithub()
  receiver = await openHookReceiver()
  installed = await installTestApp(github, {
    slug: 'guard',
    permissions: { actions: 'write', deployments: 'write', checks: 'write', contents: 'read' },
    events: [
      'push',
      'pull_request',
      'workflow_dispatch',
      'workflow_run',
      'workflow_job',
      'check_run',
      'check_suite',
      'status',
      'deployment',
      'deployment_status',
      'deployment_review',
      'deployment_protection_rule',
    ],
    url: receiver.url,
  })
  bob = github.as(github.bob)
  alice = github.as(github.alice)
  await mkdir(join(github.clone, '.github/workflows'), { recursive: true })
  await writeFile(join(github.clone, '.github/workflows/ship.yml'), workflow)
  await writeFile(join(github.clone, 'app.txt'), 'one\n')
  await github.git('add', '-A')
  await github.git('commit', '--quiet', '-m', 'ship')
  await github.git('push', '--quiet', 'origin', 'main')
})
afterAll(async () => {
  await github.close()
  await receiver.close()
})

function runs(): readonly WorkflowRun[] {
  return github.sandbox.actions.runs.of(github.repository)
}

async function finished(run: WorkflowRun | undefined): Promise<WorkflowRun> {
  if (run === undefined) throw new Error('no run was started')
  return github.sandbox.actions.runs.completed(run, AbortSignal.timeout(20_000))
}

async function waiting(runId: number): Promise<void> {
  const path = `GET /repos/acme/shop/actions/runs/${runId}/pending_deployments`
  await github.sandbox.actions.runs.until(() => {
    const run = runs().find(each => each.id === runId)
    return run?.attempts.at(-1)?.status === 'waiting' ? true : undefined
  }, AbortSignal.timeout(20_000))
  expect((await bob(path)).body).toHaveLength(1)
}

async function dispatch(environment: string): Promise<number> {
  const answer = await bob('POST /repos/acme/shop/actions/workflows/ship.yml/dispatches', {
    ref: 'main',
    inputs: { environment },
    return_run_details: true,
  })
  expect(answer.status).toBe(200)
  return Number(Object(answer.body).workflow_run_id)
}

async function conclusionOf(runId: number): Promise<unknown> {
  await finished(runs().find(run => run.id === runId))
  return Object((await bob(`GET /repos/acme/shop/actions/runs/${runId}`)).body).conclusion
}

it('a push builds: checkout, annotations and a status by the job token', async () => {
  await github.sandbox.actions.runs.settled()
  const run = await finished(runs()[0])
  expect(run.attempts[0].conclusion === 'success' ? '' : github.sandbox.actions.runs.logOf(run)).toBe('')
  expect(await bob(`GET /repos/acme/shop/actions/runs/${run.id}`)).toMatchObject({ body: { conclusion: 'success' } })
  expect(await bob('GET /repos/acme/shop/commits/main/status')).toMatchObject({
    body: { state: 'success', statuses: [{ context: 'built' }] },
  })
  const checks = await bob('GET /repos/acme/shop/commits/main/check-runs')
  expect(checks.body).toMatchObject({
    check_runs: expect.arrayContaining([
      expect.objectContaining({
        name: 'build',
        conclusion: 'success',
        app: expect.objectContaining({ slug: 'github-actions' }),
      }),
    ]),
  })
  const build = Object(checks.body).check_runs.find((each: { name: string }) => each.name === 'build')
  expect((await bob(`GET /repos/acme/shop/check-runs/${build.id}/annotations`)).body).toMatchObject([
    { path: 'app.txt', annotation_level: 'warning', message: 'look here' },
  ])
  for (const path of ['jobs', 'attempts/1', 'attempts/1/jobs', 'approvals', 'pending_deployments']) {
    const { status } = await bob(`GET /repos/acme/shop/actions/runs/${run.id}/${path}`)
    expect({ path, status }).toEqual({ path, status: 200 })
  }
  for (const path of ['runs', 'workflows', 'workflows/ship.yml', 'workflows/ship.yml/runs']) {
    const { status } = await bob(`GET /repos/acme/shop/actions/${path}`)
    expect({ path, status }).toEqual({ path, status: 200 })
  }
  expect((await bob('GET /repos/acme/shop/commits/main/check-suites')).status).toBe(200)
})

it('a pull request builds its merge with the base', async () => {
  await github.git('push', '--quiet', 'origin', 'main:refs/heads/topic')
  await alice('PUT /repos/acme/shop/contents/app.txt', {
    message: 'two',
    content: Buffer.from('two\n').toString('base64'),
    branch: 'topic',
    sha: await github.git('rev-parse', 'HEAD:app.txt'),
  })
  await alice('POST /repos/acme/shop/pulls', { title: 'Two', head: 'topic', base: 'main' })
  await github.sandbox.actions.runs.settled()
  const run = await finished(runs().find(each => each.trigger.event === 'pull_request'))
  expect(run.attempts[0].conclusion === 'success' ? '' : github.sandbox.actions.runs.logOf(run)).toBe('')
})

it('a dispatched job waits for its reviewer, deploys and tells Apps all of it', async () => {
  await alice('PUT /repos/acme/shop/environments/production', {
    reviewers: [{ type: 'User', id: github.alice.id }],
  })
  github.sandbox.setVariable(github.repository, { name: 'RING', value: 'the last ring', environment: 'production' })
  const runId = await dispatch('production')
  await waiting(runId)
  const { id } = Object((await alice('GET /repos/acme/shop/environments/production')).body)
  const review = { environment_ids: [id], state: 'approved', comment: 'go' }
  const path = `POST /repos/acme/shop/actions/runs/${runId}/pending_deployments`
  expect((await (await installed.asInstallation())(path, review)).status).toBe(403)
  expect((await alice(path, review)).status).toBe(200)
  expect(await conclusionOf(runId)).toBe('success')
  expect(github.sandbox.actions.runs.logOf(await finished(runs()[0]))).toContain('to the last ring')
  expect((await bob(`GET /repos/acme/shop/actions/runs/${runId}/approvals`)).body).toMatchObject([
    { state: 'approved', comment: 'go', user: { login: 'alice' } },
  ])
  const deployments = await bob('GET /repos/acme/shop/deployments?environment=production')
  expect(deployments.body).toMatchObject([{ creator: { login: 'bob' }, task: 'deploy', payload: {} }])
  const statuses = `GET /repos/acme/shop/deployments/${Object(deployments.body)[0].id}/statuses`
  const states: unknown[] = Object((await bob(statuses)).body).map((each: { state: string }) => each.state)
  expect(states[0]).toBe('success')
  expect(states).toContain('waiting')
  expect((await alice(`POST /repos/acme/shop/actions/runs/${runId}/rerun`, {})).status).toBe(201)
  await waiting(runId)
  expect((await alice(`POST /repos/acme/shop/actions/runs/${runId}/cancel`)).status).toBe(202)
  expect(await conclusionOf(runId)).toBe('cancelled')
})

it('a job waits for the App that is its protection rule', async () => {
  await alice('PUT /repos/acme/shop/environments/guarded', {})
  const rules = 'POST /repos/acme/shop/environments/guarded/deployment_protection_rules'
  expect((await alice(rules, { integration_id: installed.app.id })).status).toBe(201)
  const runId = await dispatch('guarded')
  await waiting(runId)
  await github.sandbox.webhooks.settled()
  const asked = receiver.received.find(each => each.headers['x-github-event'] === 'deployment_protection_rule')
  expect(JSON.parse(asked?.body ?? '{}')).toMatchObject({
    action: 'requested',
    environment: 'guarded',
    deployment_callback_url: expect.stringContaining(`/actions/runs/${runId}/deployment_protection_rule`),
  })
  const api = await installed.asInstallation({ actions: 'read', deployments: 'write' })
  const decision = `POST /repos/acme/shop/actions/runs/${runId}/deployment_protection_rule`
  expect((await api(decision, { environment_name: 'guarded', comment: 'looking' })).status).toBe(204)
  expect((await api(decision, { environment_name: 'guarded', state: 'approved' })).status).toBe(204)
  expect((await api(decision, { environment_name: 'guarded', state: 'rejected' })).status).toBe(422)
  expect(await conclusionOf(runId)).toBe('success')
})

it('every kind of webhook went out', async () => {
  await github.sandbox.webhooks.settled()
  const kinds = new Set(
    receiver.received.map(
      ({ headers, body }) => `${String(headers['x-github-event'])}.${Object(JSON.parse(body)).action ?? ''}`,
    ),
  )
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      'workflow_run.requested',
      'workflow_run.in_progress',
      'workflow_run.completed',
      'workflow_job.queued',
      'workflow_job.waiting',
      'workflow_job.in_progress',
      'workflow_job.completed',
      'check_run.created',
      'check_run.completed',
      'deployment.created',
      'deployment_status.created',
      'deployment_review.requested',
      'deployment_review.approved',
      'deployment_protection_rule.requested',
      'workflow_dispatch.',
      'pull_request.opened',
    ]),
  )
})
