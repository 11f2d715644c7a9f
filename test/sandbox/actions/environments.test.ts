import { afterEach, describe, expect, it } from 'vitest'
import { currentAttempt, type WorkflowRun } from '../../../src/sandbox/actions/runs/workflow-run.ts'
import { ensureEnvironment } from '../../../src/sandbox/deployments/ensure-environment.ts'
import type { Environment } from '../../../src/sandbox/world/environment.ts'
import type { WorldEvent } from '../../../src/sandbox/world/event.ts'
import type { GithubApp } from '../../../src/sandbox/world/github-app.ts'
import { mintInstallationToken, mintJobToken } from '../../../src/sandbox/world/mint-token.ts'
import { installApp, registerApp } from '../../../src/sandbox/world/register-app.ts'
import { openRehearsal, outcomes, printed, type Rehearsal } from './rehearsal.ts'

const open: Rehearsal[] = []

async function rehearse(options: Parameters<typeof openRehearsal>[0] = {}): Promise<Rehearsal> {
  const rehearsal = await openRehearsal(options)
  open.push(rehearsal)
  return rehearsal
}

afterEach(async () => {
  for (const rehearsal of open.splice(0)) await rehearsal.close()
})

const workflow = (environment: string) => ({
  '.github/workflows/deploy.yml': `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: ${environment}
    steps: [ { id: at, run: 'echo "deployed with \${{ vars.PLACE }} \${{ secrets.KEY }}"; echo url=http://shop.test/a >> "$GITHUB_OUTPUT"' } ]
`,
})

function environment(rehearsal: Rehearsal, name: string, settings: Partial<Environment> = {}): Environment {
  return Object.assign(ensureEnvironment(rehearsal.world, rehearsal.repository, name), settings)
}

async function waiting(rehearsal: Rehearsal): Promise<WorkflowRun> {
  const run = await rehearsal.newest()
  const look = () => (currentAttempt(run).status === 'waiting' ? run : undefined)
  return await rehearsal.actions.runs.until(look, AbortSignal.timeout(5_000))
}

const states = (rehearsal: Rehearsal) =>
  rehearsal.repository.deployments.map(deployment => deployment.statuses.map(status => status.state))

describe('an environment without rules', () => {
  it('makes a Deployment whose statuses point to the job, and shows its variables and secrets', async () => {
    const rehearsal = await rehearse()
    const now = new Date()
    const { variables, secrets } = environment(rehearsal, 'dev')
    variables.set('PLACE', { name: 'PLACE', value: 'dev', createdAt: now, updatedAt: now })
    secrets.set('KEY', { name: 'KEY', value: 'dev-secret', createdAt: now, updatedAt: now })
    const sha = await rehearsal.push(workflow('{ name: dev, url: "${{ steps.at.outputs.url }}" }'))
    const run = await rehearsal.finished()
    const [job] = currentAttempt(run).jobs
    expect(printed(rehearsal, run)).toContain('deployed with dev ***')
    const [deployment] = rehearsal.repository.deployments
    expect(deployment).toMatchObject({
      sha,
      ref: 'main',
      task: 'deploy',
      payload: {},
      environment: 'dev',
      creator: { login: 'alice' },
      app: { slug: 'github-actions' },
    })
    expect(states(rehearsal)).toEqual([['queued', 'in_progress', 'success']])
    const page = `${rehearsal.world.serverUrl}/acme/shop/actions/runs/${run.id}/job/${job?.id}`
    expect(deployment?.statuses.map(status => status.logUrl)).toEqual([page, page, page])
    expect(deployment?.statuses.at(-1)?.environmentUrl).toBe('http://shop.test/a')
  })

  it('makes no Deployment with `deployment: false`, and ends a failed one as failure', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push(workflow('{ name: dev, deployment: "${{ github.event_name != \'push\' }}" }'))
    expect(outcomes(await rehearsal.finished())).toEqual({ deploy: 'success' })
    expect(rehearsal.repository.deployments).toEqual([])
    await rehearsal.push({
      '.github/workflows/deploy.yml':
        'on: push\njobs: { deploy: { runs-on: ubuntu-latest, environment: dev, steps: [ { run: exit 1 } ] } }',
    })
    await rehearsal.finished()
    expect(states(rehearsal)).toEqual([['queued', 'in_progress', 'failure']])
  })
})

describe('required reviewers', () => {
  const asked = async (settings: Partial<Environment> = {}, text = 'production') => {
    const rehearsal = await rehearse()
    const reviewers = [
      { type: 'User', reviewer: rehearsal.bob } as const,
      { type: 'User', reviewer: rehearsal.alice } as const,
    ]
    const { id } = environment(rehearsal, 'production', { reviewers, ...settings })
    const heard: WorldEvent[] = []
    rehearsal.world.subscribe(event => heard.push(event))
    await rehearsal.push(workflow(text))
    const run = await waiting(rehearsal)
    const review = (state: string, token: string) =>
      rehearsal.api('POST', `/actions/runs/${run.id}/pending_deployments`, {
        token,
        body: { environment_ids: [id], state, comment: 'fine' },
      })
    return { rehearsal, run, review, heard, id }
  }

  it('hold the job until one of them approves; it is then on record', async () => {
    const { rehearsal, run, review, heard, id } = await asked()
    expect(states(rehearsal)).toEqual([['waiting']])
    expect(await rehearsal.api('GET', `/actions/runs?status=waiting`)).toMatchObject({ body: { total_count: 1 } })
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}/pending_deployments`)).toMatchObject({
      body: [
        {
          environment: { id, name: 'production' },
          current_user_can_approve: true,
          reviewers: [{ type: 'User', reviewer: { login: 'bob' } }, {}],
        },
      ],
    })
    expect(await review('approved', rehearsal.tokenOf(rehearsal.bob))).toMatchObject({
      status: 200,
      body: [{ environment: 'production' }],
    })
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'success' })
    expect(states(rehearsal)).toEqual([['waiting', 'queued', 'in_progress', 'success']])
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}/approvals`)).toMatchObject({
      body: [{ state: 'approved', comment: 'fine', user: { login: 'bob' }, environments: [{ name: 'production' }] }],
    })
    expect(heard.filter(event => event.name === 'deployment_review').map(event => event.action)).toEqual([
      'requested',
      'approved',
    ])
    expect(await review('approved', rehearsal.tokenOf(rehearsal.bob))).toMatchObject({ status: 422 })
  })

  it('reject: the job fails and runs nothing', async () => {
    const { rehearsal, run, review } = await asked()
    await review('rejected', rehearsal.tokenOf(rehearsal.bob))
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'failure' })
    expect(printed(rehearsal, run).join()).toContain('rejected by bob')
    expect(states(rehearsal)).toEqual([['waiting', 'failure']])
  })

  it('may not approve what they started themselves where that is prevented', async () => {
    const { rehearsal, run, review } = await asked({ preventSelfReview: true })
    expect(await review('approved', rehearsal.tokenOf(rehearsal.alice))).toMatchObject({ status: 422 })
    expect(await review('approved', rehearsal.tokenOf(rehearsal.bob))).toMatchObject({ status: 200 })
    await rehearsal.finished(run)
  })

  it('cannot be replaced by a job or an App', async () => {
    const { rehearsal, run, review } = await asked()
    const { app } = registerApp(rehearsal.world, {
      slug: 'gate',
      owner: rehearsal.alice,
      permissions: { deployments: 'write', actions: 'write' },
      events: [],
    })
    const installation = installApp(rehearsal.world, { app, account: rehearsal.repository.owner })
    const token = mintInstallationToken(rehearsal.world, {
      installation,
      permissions: app.permissions,
      repositoryIds: null,
    })
    expect(await review('approved', token.value)).toMatchObject({ status: 403 })
    const job = mintJobToken(rehearsal.world, {
      repository: rehearsal.repository,
      permissions: app.permissions,
      runId: run.id,
      jobId: 1,
      triggeredBy: rehearsal.alice,
      expiresAt: new Date(Date.now() + 60_000),
    })
    expect(await review('approved', job.value)).toMatchObject({ status: 403 })
  })

  it('apply with `deployment: false` too', async () => {
    const { rehearsal, run, review } = await asked({}, '{ name: production, deployment: false }')
    expect(await review('approved', rehearsal.tokenOf(rehearsal.bob))).toEqual({ status: 200, body: [] })
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'success' })
    expect(rehearsal.repository.deployments).toEqual([])
  })

  it('are not asked any more when the run is cancelled', async () => {
    const { rehearsal, run, review } = await asked()
    await rehearsal.api('POST', `/actions/runs/${run.id}/cancel`)
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'cancelled' })
    expect(states(rehearsal)).toEqual([['waiting', 'error']])
    expect(await review('approved', rehearsal.tokenOf(rehearsal.bob))).toMatchObject({ status: 422 })
  })
})

it('a wait timer holds the job for its minutes', async () => {
  const rehearsal = await rehearse({ timings: { minuteMs: 150 } })
  environment(rehearsal, 'staging', { waitTimer: 2 })
  await rehearsal.push(workflow('staging'))
  const run = await waiting(rehearsal)
  await rehearsal.finished(run)
  const [job] = currentAttempt(run).jobs
  expect((job?.startedAt?.getTime() ?? 0) - (job?.createdAt.getTime() ?? 0)).toBeGreaterThanOrEqual(300)
  expect(outcomes(run)).toEqual({ deploy: 'success' })
})

it.each([
  { policy: 'custom' as const, names: ['release/*'], result: 'failure' },
  { policy: 'custom' as const, names: ['release/*', 'ma*'], result: 'success' },
  { policy: 'protected' as const, names: [], result: 'failure' },
])('a branch policy ($policy $names) decides which branch may deploy: $result', async ({ policy, names, result }) => {
  const rehearsal = await rehearse()
  const branchPolicies = names.map((name, id) => ({ id, name, type: 'branch' as const }))
  environment(rehearsal, 'production', { branchPolicy: policy, branchPolicies })
  await rehearsal.push(workflow('production'))
  const run = await rehearsal.finished()
  expect(outcomes(run)).toEqual({ deploy: result })
  expect(rehearsal.repository.deployments).toHaveLength(result === 'failure' ? 0 : 1)
})

describe('a custom deployment protection rule', () => {
  const ruled = async (text = 'production') => {
    const rehearsal = await rehearse()
    const app = (slug: string): { app: GithubApp; token: string } => {
      const { app } = registerApp(rehearsal.world, {
        slug,
        owner: rehearsal.alice,
        permissions: { deployments: 'write', actions: 'read' },
        events: ['deployment_protection_rule'],
      })
      const installation = installApp(rehearsal.world, { app, account: rehearsal.repository.owner })
      return {
        app,
        token: mintInstallationToken(rehearsal.world, {
          installation,
          permissions: app.permissions,
          repositoryIds: null,
        }).value,
      }
    }
    const ours = app('gate')
    const other = app('other')
    environment(rehearsal, 'production', {
      customRules: [
        { id: 1, app: ours.app, enabled: true },
        { id: 2, app: other.app, enabled: false },
      ],
    })
    const heard: WorldEvent[] = []
    rehearsal.world.subscribe(event => heard.push(event))
    await rehearsal.push(workflow(text))
    const run = await rehearsal.newest()
    const say = (body: unknown, token = ours.token) =>
      rehearsal.api('POST', `/actions/runs/${run.id}/deployment_protection_rule`, { token, body })
    return { rehearsal, run, say, ours, other, heard }
  }

  it('asks its App alone, and passes when it approves – once', async () => {
    const { rehearsal, run, say, heard, ours } = await ruled()
    await waiting(rehearsal)
    const requested = heard.find(event => event.name === 'deployment_protection_rule')
    expect(requested).toMatchObject({
      action: 'requested',
      onlyApp: { slug: ours.app.slug },
      body: {
        environment: 'production',
        event: 'push',
        deployment_callback_url: `${rehearsal.world.apiUrl}/repos/acme/shop/actions/runs/${run.id}/deployment_protection_rule`,
        deployment: { environment: 'production', task: 'deploy' },
      },
    })
    expect(await say({ environment_name: 'production', state: 'approved', comment: 'ok' })).toEqual({
      status: 204,
      body: undefined,
    })
    expect(await say({ environment_name: 'production', state: 'approved', comment: 'ok' })).toMatchObject({
      status: 422,
    })
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'success' })
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}/approvals`)).toMatchObject({
      body: [{ state: 'approved', user: { login: 'gate[bot]' } }],
    })
  })

  it('rejects: the job fails with its comment', async () => {
    const { rehearsal, run, say } = await ruled()
    await waiting(rehearsal)
    await say({ environment_name: 'Production', state: 'rejected', comment: 'type /promote' })
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'failure' })
    expect(printed(rehearsal, run).join()).toContain('type /promote')
  })

  it('reports progress at most ten times, 1,024 characters each', async () => {
    const { rehearsal, say } = await ruled()
    await waiting(rehearsal)
    expect(await say({ environment_name: 'production', comment: 'x'.repeat(1_025) })).toMatchObject({ status: 422 })
    expect(await say({ environment_name: 'production' })).toMatchObject({ status: 422 })
    for (let count = 1; count <= 10; count++)
      expect(await say({ environment_name: 'production', comment: `${count} of 10` })).toMatchObject({ status: 204 })
    expect(await say({ environment_name: 'production', comment: 'eleven' })).toMatchObject({ status: 422 })
  })

  it('can be decided by its own App only', async () => {
    const { rehearsal, say, other } = await ruled()
    await waiting(rehearsal)
    const body = { environment_name: 'production', state: 'approved', comment: '' }
    expect(await say(body, other.token)).toMatchObject({ status: 403 })
    expect(await say(body, rehearsal.tokenOf(rehearsal.alice))).toMatchObject({ status: 403 })
  })

  it('makes a job with `deployment: false` fail at once', async () => {
    const { rehearsal, run } = await ruled('{ name: production, deployment: false }')
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ deploy: 'failure' })
    expect(printed(rehearsal, run).join()).toContain('`deployment: false` cannot be used with it')
  })
})
