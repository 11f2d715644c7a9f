import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createActionsTokenVerifier } from '../../src/adapters/oidc/verify-actions-token.ts'
import { epochMs, isSha256Digest } from '../../src/domain/units.ts'
import { parseVersionName } from '../../src/domain/version.ts'
import type { WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import type { Observer } from '../../src/sandbox/api/observation.ts'
import { type AppServer, startAppServer } from '../support/app-server.ts'
import { loseJob } from '../support/lost-job.ts'
import { versionTag } from '../support/open-as-job.ts'
import { probe, probePath, probeWorkflow } from '../support/probe-workflow.ts'
import { type KeptDeployment, openSmallControlPlane, type SmallControlPlane } from '../support/small-control-plane.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench
let app: SmallControlPlane
let server: AppServer
/** What jobs wrote to GitHub. */
const writes: string[] = []
const observe: Observer = observation => {
  if (observation.kind === 'api' && observation.method !== 'GET') writes.push(observation.template)
}
const useApp = (url: string): void => bench.sandbox.setVariable(bench.repository, { name: 'RINGWAY_URL', value: url })

beforeAll(async () => {
  bench = await openWorkbench({
    solutions: { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] },
    files: { [probePath]: probeWorkflow },
    observe,
  })
  app = openSmallControlPlane()
  const used = new Set<string>()
  server = await startAppServer(app, async (token, audience) => {
    const verifier = createActionsTokenVerifier({
      issuer: bench.sandbox.url,
      audience,
      replayGuard: { use: async id => !used.has(id) && used.add(id).has(id) },
      now: () => epochMs(Date.now()),
      monotonic: () => performance.now(),
    })
    return await verifier.verify(token)
  })
  useApp(server.url)
})
afterEach(() => {
  bench.machine.rule()
  app.decide(undefined)
  server.down = false
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await bench.close()
})

/** A deployment that the App lets go ahead, and the run that it would start for it. */
async function dispatch(artifact: string, instead: Partial<KeptDeployment> = {}): Promise<WorkflowRun> {
  const { digest } = await versionTag(bench, artifact)
  if (!isSha256Digest(digest)) throw new TypeError(`expected a digest, got ${digest}`)
  const promotion = `p-${app.deployments.length + 1}`
  const { task } = app.authorise({
    githubDeployment: undefined,
    promotion,
    task: 'place',
    solution: 'shop',
    ring: 'dev',
    environment: 'dev',
    version: parseVersionName(artifact),
    digest,
    organisation: {},
    ...instead,
  })
  writes.length = 0
  const command = task === 'restore' ? 'rollback' : 'deploy'
  return await bench.start({ command, environment: 'dev', artifact, promotion })
}
const newest = () => app.deployments.at(-1)

describe('[M13] a build', () => {
  it('publishes as ever, tells the App, and starts nothing itself', async () => {
    writes.length = 0
    const run = await bench.push({})
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done' })
    expect(endOf(run).log).toContain('v1 of shop is to go into dev: promotion p-dev-1')
    expect(writes).not.toContainEqual(expect.stringMatching(/dispatches|deployments/))
    expect(await bench.tags()).toEqual(['ringway/shop/v1'])
    expect(app.builds).toMatchObject([
      { solution: 'shop', version: 1, commit: run.trigger.sha, pullRequest: undefined },
    ])
    expect(app.builds[0]?.manifest).toMatchObject({ solution: 'shop', components: [{ name: 'app' }] })
    expect(app.builds[0]?.digest).toBe((await versionTag(bench, 'v1')).digest)
  })

  it('tells content that was known already as well, with the commit that has it again', async () => {
    const run = await bench.push({ 'README.md': 'A shop.\n' })
    expect(app.builds.at(-1)).toMatchObject({ version: 1, commit: run.trigger.sha })
    await bench.push({ 'shop/app.txt': 'two\n' })
    expect(app.builds.at(-1)).toMatchObject({ version: 2 })
  })

  it('[C26] of a pull request tells its draft', async () => {
    await bench.git('checkout', '--quiet', '-b', 'try')
    const head = await bench.commit({ 'shop/app.txt': 'maybe\n' })
    await bench.git('push', '--quiet', 'origin', 'try')
    await bench.api(bench.bob, 'POST /pulls', { title: 'Try', head: 'try', base: 'main' })
    await bench.quiet()
    await bench.git('checkout', '--quiet', 'main')
    expect(app.builds.at(-1)).toMatchObject({ version: undefined, commit: head, pullRequest: 1 })
  })
})

describe('[M11] a run that the App started', () => {
  it('places, checks, activates and tells; the App alone writes', async () => {
    const run = await dispatch('v1')
    await bench.quiet()
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
    expect(bench.machine.calls.map(call => call.verb)).toEqual(['deploy', 'http', 'check', 'activate'])
    expect(newest()?.walked).toEqual(['queued', 'building', 'deploying', 'validating', 'active'])
    expect(newest()?.url).toBe(`${bench.machine.url}/http/dev/v1`)
    expect(writes.filter(template => !template.includes('dispatches'))).toEqual([])
    expect(jobOf(run).summary).toContain('Ringway deploy v1 → dev: active')
    expect(server.asked.filter(route => route.startsWith(`POST /v1/runs/${run.id}/`))).toHaveLength(4)
  })

  it('[M6] whose check fails has what ran before put back', async () => {
    bench.machine.rule(({ verb }) => (verb === 'check' ? 'fail' : 'ok'))
    const run = await dispatch('v2')
    await bench.quiet()
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'validation_failed' })
    expect(newest()?.walked).toEqual(['queued', 'building', 'deploying', 'validating', 'rolling_back', 'rolled_back'])
    expect([bench.machine.calls.at(-1)?.verb, bench.machine.serving('dev')]).toEqual(['rollback', 'one'])
  })

  it('is stopped by the App at the last moment, and says what the App says', async () => {
    app.decide(({ event }) =>
      event === 'checked' ? { verdict: 'stop', reason: 'quarantined', words: 'it came into quarantine' } : undefined,
    )
    const run = await dispatch('v2')
    await bench.quiet()
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'refused', reason: 'quarantined' })
    expect(endOf(run).message).toBe('it came into quarantine')
    expect(bench.machine.serving('dev')).toBe('one')
  })

  it('[C17] restores what the App names', async () => {
    await dispatch('v2')
    await bench.quiet()
    expect(bench.machine.serving('dev')).toBe('two')
    const calls = bench.machine.calls.length
    const run = await dispatch('v1', { task: 'restore' })
    await bench.quiet()
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done' })
    expect(bench.machine.calls.slice(calls).map(call => call.verb)).toEqual(['rollback', 'http'])
    expect(app.deployments.slice(-2).map(one => one.state)).toEqual(['rolled_back', 'active'])
  })

  it('started again changes nothing', async () => {
    const run = await dispatch('v1')
    await bench.quiet()
    const calls = bench.machine.calls.length
    await bench.rerun(run)
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'nothing', reason: 'already_done' })
    expect(bench.machine.calls).toHaveLength(calls)
  })
})

describe('[M6] a job that comes to a sudden end', () => {
  it.each([
    { how: 'cancelled', verb: 'deploy', ends: 'failed' },
    { how: 'cancelled', verb: 'activate', ends: 'rolled_back' },
    { how: 'killed', verb: 'check', ends: 'rolled_back' },
  ])('$how during $verb: its post step tells and puts back', async ({ how, verb, ends }) => {
    const run = await dispatch('v2')
    bench.machine.rule(call => {
      if (call.verb !== verb) return 'ok'
      if (how === 'killed') loseJob(bench, run, 'process')
      else bench.sandbox.actions.desk.cancel(run)
      return 'hang'
    })
    await bench.quiet()
    expect(app.reports.at(-2)).toMatchObject({ event: 'failed', reason: 'cancelled' })
    expect(app.reports.at(-1)).toMatchObject({ event: 'put_back', ok: true })
    expect(newest()?.state).toBe(ends)
    expect(bench.machine.serving('dev')).toBe('one')
  })
})

it('[M18] a run that somebody started by hand is told what to type', async () => {
  const calls = bench.machine.calls.length
  const run = await bench.run({ environment: 'dev', artifact: 'v2' })
  expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'refused', reason: 'unauthorised_run' })
  expect(endOf(run).log).toContain('Now: Comment `/promote dev`.')
  expect(bench.machine.calls).toHaveLength(calls)
})

describe('the other commands', () => {
  const withApp = (inputs: Record<string, string>) => probe(bench, { ...inputs, 'app-url': server.url })

  it('[M10] promote asks the App, and its answer is the result', async () => {
    const { result } = await withApp({ command: 'promote', environment: 'dev', artifact: 'v2', reason: 'now' })
    expect(result).toMatchObject({ command: 'promote', decision: 'done' })
    expect(app.wishes.at(-1)).toEqual({ environment: 'dev', artifact: 'v2', reason: 'now', dryRun: false })
  })

  it('deploy as a dry run asks the App and claims nothing', async () => {
    server.asked.length = 0
    const { result } = await withApp({ command: 'deploy', environment: 'dev', artifact: 'v2', 'dry-run': 'true' })
    expect(result).toMatchObject({ command: 'deploy', decision: 'nothing', reason_code: 'dry_run' })
    expect(server.asked).toEqual(['POST /v1/promotions'])
  })

  it('status tells what the App knows', async () => {
    const { result } = await withApp({ command: 'status' })
    expect(result.rings).toMatchObject([{ ring: 'dev', version: 'v1', state: 'active' }])
    expect(result.message).toBe('shop/dev: v1')
  })

  it('incident is still to come', async () => {
    const { result } = await withApp({ command: 'incident' })
    expect(result).toMatchObject({ decision: 'failed', reason_code: 'feature_not_available' })
  })
})

describe('an App that is not there', () => {
  it('is an error, and nothing changes', async () => {
    const calls = bench.machine.calls.length
    server.down = true
    const run = await dispatch('v2')
    await bench.quiet()
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'errored', reason: 'app_unreachable' })
    expect(bench.machine.calls).toHaveLength(calls)
  })

  it('[C17] keeps no rollback from happening: GitHub alone knows enough', async () => {
    useApp('')
    for (const artifact of ['v1', 'v2']) await bench.run({ environment: 'dev', artifact })
    expect(bench.machine.serving('dev')).toBe('two')
    useApp(server.url)
    server.down = true
    const run = await bench.run({ command: 'rollback', environment: 'dev' })
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
    expect(endOf(run).message).toContain('done through GitHub alone')
    expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v1', 'one'])
  })

  it('[C17] nor one that it began', async () => {
    useApp('')
    server.down = false
    await bench.run({ environment: 'dev', artifact: 'v2' })
    useApp(server.url)
    app.decide(({ event }) => {
      server.down = event === 'packaged'
      return undefined
    })
    const run = await dispatch('v1', { task: 'restore' })
    await bench.quiet()
    expect(app.reports.at(-1)?.event).toBe('packaged')
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
    expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v1', 'one'])
  })
})
