import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OpenedByJob, openAsJob, versionTag } from '../support/open-as-job.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench

/** A weekly window that is never open today, wherever the day is just changing. */
function closedWindow(): string {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  return `${days[(new Date().getUTCDay() + 3) % 7]} 10:00-11:00 UTC`
}

beforeAll(async () => {
  bench = await openWorkbench({
    solutions: {
      shop: [
        { name: 'dev', lines: ['environment: dev'] },
        { name: 'far', lines: ['after: soaked', 'environment: far'] },
        { name: 'soaked', lines: ['after: dev', 'environment: soaked', 'gates: { soak: 1h }'] },
        {
          name: 'frozen',
          lines: [
            'after: dev',
            'environment: frozen',
            'gates: { windows: { freeze: [ { from: 2020-01-01, to: 2120-01-01, reason: holidays, timezone: UTC } ] } }',
          ],
        },
        {
          name: 'closed',
          lines: ['after: dev', 'environment: closed', `gates: { windows: { allow: "${closedWindow()}" } }`],
        },
        { name: 'checked', lines: ['after: dev', 'environment: checked', 'gates: { checks: [unit] }'] },
        { name: 'approved', lines: ['after: dev', 'environment: approved', 'gates: { approvals: { count: 1 } }'] },
      ],
      other: [{ name: 'dev', lines: ['environment: other-dev'] }],
    },
  })
  await bench.push({})
  await bench.push({ 'shop/app.txt': 'two\n' })
  await bench.run({ environment: 'dev', artifact: 'v1' })
})
afterEach(() => bench.machine.rule())
afterAll(() => bench.close())

/** Asks for a version in a ring, and shows that nothing happened there but the answer. */
async function refused(environment: string, artifact = 'v1'): Promise<ReturnType<typeof endOf>> {
  const calls = bench.machine.calls.length
  const run = await bench.run({ environment, artifact })
  expect(bench.machine.calls).toHaveLength(calls)
  expect(bench.pointer(environment)).toBeUndefined()
  expect(bench.deployments(environment).at(-1)).toMatchObject({ walked: ['queued', 'building', 'failed'] })
  expect(jobOf(run).summary).toContain('| Gate | Verdict |')
  return endOf(run)
}

describe('a gate that says no', () => {
  it.each([
    { why: 'the version was never in the ring before', environment: 'soaked', artifact: 'v2', reason: 'ring_order' },
    { why: 'a ring is skipped', environment: 'far', artifact: 'v1', reason: 'ring_order' },
    { why: 'it has not soaked for long enough', environment: 'soaked', artifact: 'v1', reason: 'soaking' },
    { why: 'the ring is frozen', environment: 'frozen', artifact: 'v1', reason: 'frozen' },
    { why: 'the window is closed', environment: 'closed', artifact: 'v1', reason: 'outside_window' },
    { why: 'only the App could count approvals', environment: 'approved', artifact: 'v1', reason: 'app_required' },
  ])('[M5] [M18] because $why', async ({ environment, artifact, reason }) => {
    expect(await refused(environment, artifact)).toMatchObject({ conclusion: 'failure', decision: 'refused', reason })
  })

  it('[M18] because the version was not healthy in the ring before, and later rings know its quarantine', async () => {
    bench.machine.rule(call => (call.verb === 'check' ? 'fail' : 'ok'))
    await bench.run({ environment: 'dev', artifact: 'v2' })
    bench.machine.rule()
    const end = await refused('checked', 'v2')
    expect(end).toMatchObject({ conclusion: 'failure', decision: 'refused', reason: 'source_not_healthy' })
    expect(end.log).toMatch(/quarantine.*was rolled back automatically in dev/)
    expect(bench.pointer('dev')).toBe('v1')
  })
})

describe('checks of the commit', () => {
  const report = async (state: string): Promise<void> => {
    const { commit } = await versionTag(bench, 'v1')
    expect((await bench.api(bench.bob, `POST /statuses/${commit}`, { state, context: 'unit' })).status).toBe(201)
  }

  it.each([
    { state: undefined, reason: 'checks_missing' },
    { state: 'pending', reason: 'checks_pending' },
    { state: 'failure', reason: 'checks_failed' },
  ])('[M5] that are $state refuse with $reason', async ({ state, reason }) => {
    if (state !== undefined) await report(state)
    expect(await refused('checked')).toMatchObject({ conclusion: 'failure', decision: 'refused', reason })
  })

  it('[M5] that have passed let it in', async () => {
    await report('success')
    expect(endOf(await bench.run({ environment: 'checked', artifact: 'v1' }))).toMatchObject({ decision: 'done' })
    expect(bench.pointer('checked')).toBe('v1')
  })
})

describe('reviewers on GitHub', () => {
  it('[M5] are the approvals where no App counts them: nothing runs before they said yes', async () => {
    const reviewers = [{ type: 'User', id: bench.alice.id }]
    expect((await bench.api(bench.alice, 'PUT /environments/approved', { reviewers })).status).toBe(200)
    const calls = bench.machine.calls.length
    const run = await bench.start({ environment: 'approved', artifact: 'v1' })
    const waits = () => (run.attempts[0].status === 'waiting' ? true : undefined)
    await bench.runs.until(waits, AbortSignal.timeout(20_000))
    expect(bench.machine.calls).toHaveLength(calls)
    const id = bench.repository.environments.get('approved')?.id
    const yes = { environment_ids: [id], state: 'approved', comment: 'go' }
    expect((await bench.api(bench.alice, `POST /actions/runs/${run.id}/pending_deployments`, yes)).status).toBe(200)
    await bench.quiet()
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done' })
    expect(bench.pointer('approved')).toBe('v1')
  })
})

describe('a run that asks for what is not there', () => {
  it.each([
    { what: 'an environment of no ring', inputs: { environment: 'nowhere' }, reason: 'unknown_ring' },
    { what: 'a version that was never published', inputs: { artifact: 'v99' }, reason: 'unknown_version' },
    { what: 'a commit', inputs: { artifact: '0123456789012345678901234567890123456789' }, reason: 'input_invalid' },
    { what: 'seven digits of one', inputs: { artifact: '0123456' }, reason: 'input_invalid' },
    { what: 'a branch', inputs: { artifact: 'main' }, reason: 'input_invalid' },
    {
      what: 'a digest that nobody published',
      inputs: { artifact: `sha256:${'0'.repeat(64)}` },
      reason: 'drafts_not_accepted',
    },
    { what: 'a Deployment that is none', inputs: { deployment: '424242' }, reason: 'deployment_mismatch' },
    { what: 'a Deployment that is no number', inputs: { deployment: '1; id' }, reason: 'input_invalid' },
    { what: 'a promotion that is text', inputs: { promotion: '$(id)' }, reason: 'input_invalid' },
  ])('$what', async ({ inputs, reason }) => {
    const calls = bench.machine.calls.length
    const run = await bench.run({ environment: 'dev', artifact: 'v1', ...inputs })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason })
    expect(bench.machine.calls).toHaveLength(calls)
    expect(bench.pointer('dev')).toBe('v1')
  })

  it('an artifact of another solution', async () => {
    await bench.git('fetch', '--quiet', '--tags', 'origin')
    const message = await bench.git('cat-file', 'tag', 'ringway/other/v1')
    const digest = /^artifact (\S+)$/m.exec(message)?.[1] ?? ''
    const run = await bench.run({ environment: 'dev', artifact: digest })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason: 'drafts_not_accepted' })
    expect(bench.pointer('dev')).toBe('v1')
  })
})

describe('a Deployment that is for something else', () => {
  const others: readonly { readonly what: string; readonly instead: Partial<OpenedByJob> }[] = [
    { what: 'another ring by its payload', instead: { ring: 'far' } },
    { what: 'another environment', instead: { environment: 'far' } },
    { what: 'another digest', instead: { digest: `sha256:${'1'.repeat(64)}` } },
    { what: 'a rollback', instead: { task: 'rollback' } },
  ]
  it.each(others)('$what', async other => {
    const calls = bench.machine.calls.length
    const opened = await openAsJob(bench, { environment: 'dev', artifact: 'v1', ...other.instead })
    const run = await bench.run({ ...opened, environment: 'dev' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason: 'deployment_mismatch' })
    expect(bench.machine.calls).toHaveLength(calls)
  })

  it('one that a person opened, whatever its payload says', async () => {
    const { commit, digest } = await versionTag(bench, 'v1')
    const payload = {
      schema_version: 1,
      promotion: 'x',
      solution: 'shop',
      ring: 'dev',
      version: 'v1',
      digest,
      baseline: null,
      task: 'deploy',
      requested_by: 'bob',
    }
    const { body } = await bench.api(bench.bob, 'POST /deployments', {
      ref: commit,
      environment: 'dev',
      payload,
      auto_merge: false,
      required_contexts: [],
    })
    const run = await bench.run({
      environment: 'dev',
      artifact: 'v1',
      deployment: String(Reflect.get(Object(body), 'id')),
    })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason: 'deployment_mismatch' })
    expect(endOf(run).message).toContain('@bob, who is no App')
  })
})

describe('a registry tag that lies', () => {
  it('[M9] changes nothing: the digest that the version has is what is placed', async () => {
    const index = join(bench.store, 'index.json')
    const [one, two] = [await versionTag(bench, 'v1'), await versionTag(bench, 'v2')]
    const text = await readFile(index, 'utf8')
    const swapped = text
      .replaceAll(one.digest, 'other')
      .replaceAll(two.digest, one.digest)
      .replaceAll('other', two.digest)
    expect(swapped).not.toBe(text)
    await writeFile(index, swapped)
    await bench.run({ environment: 'dev', artifact: 'v1' })
    expect(bench.machine.calls.at(-1)).toMatchObject({ verb: 'activate', digest: one.digest, content: 'one' })
  })
})
