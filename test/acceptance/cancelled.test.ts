import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MachineAnswer } from '../support/bench-machine.ts'
import { openAsJob } from '../support/open-as-job.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench
const newest = () => bench.deployments('dev').at(-1)

beforeAll(async () => {
  bench = await openWorkbench({ solutions: { shop: [{ name: 'dev' }] } })
  await bench.push({})
  await bench.push({ 'shop/app.txt': 'two\n' })
  await bench.run({ environment: 'dev', artifact: 'v1' })
})
afterEach(() => {
  bench.machine.rule()
  bench.sandbox.faults.api.clear()
})
afterAll(() => bench.close())

/** The ring is where it was, and the version that was under way has come to an end that says why. */
function expectBaseline(end: { readonly state: string; readonly reason?: string }): void {
  expect(newest()).toMatchObject({ artifact: 'v2', reason: 'cancelled', ...end })
  expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v1', 'one'])
}

describe('[M6] a job that is cancelled', () => {
  const report = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'
  it.each([
    { state: 'queued', said: 0 },
    { state: 'building', said: 1 },
  ])('while $state ends as failed, and the target was never asked', async ({ said }) => {
    const calls = bench.machine.calls.length
    const run = await bench.start(await openAsJob(bench, { environment: 'dev', artifact: 'v2' }))
    const meanwhile = () => bench.sandbox.actions.desk.cancel(run)
    bench.sandbox.faults.api.add({ on: report, kind: 'slow', delayMs: 300, skip: said, times: 1, meanwhile })
    await bench.quiet()
    expect(jobOf(run).conclusion).toBe('cancelled')
    expectBaseline({ state: 'failed' })
    expect(bench.machine.calls.slice(calls).map(call => call.verb)).not.toContain('deploy')
  })

  it.each([
    { state: 'deploying', verb: 'deploy', ends: 'failed' },
    { state: 'validating', verb: 'check', ends: 'rolled_back' },
    { state: 'validating, while traffic is sent over', verb: 'activate', ends: 'rolled_back' },
  ])('while $state has what ran before put back, and ends as $ends', async ({ verb, ends }) => {
    const calls = bench.machine.calls.length
    const run = await bench.start({ environment: 'dev', artifact: 'v2' })
    bench.machine.rule(call => {
      if (call.verb !== verb) return 'ok'
      bench.sandbox.actions.desk.cancel(run)
      return 'hang'
    })
    await bench.quiet()
    expect(jobOf(run).conclusion).toBe('cancelled')
    expectBaseline({ state: ends })
    expect(bench.machine.calls.slice(calls).at(-1)).toMatchObject({ verb: 'rollback', version: 'v1', content: 'one' })
    expect(endOf(run)).toMatchObject({ reason: 'cancelled' })
  })

  it('while it waits behind another one was never begun, and the next run ends its Deployment', async () => {
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    bench.machine.rule(async (call): Promise<MachineAnswer> => {
      if (call.verb === 'deploy') {
        begun.resolve()
        await go.promise
      }
      return 'ok'
    })
    const first = await bench.start({ environment: 'dev', artifact: 'v1' })
    await begun.promise
    const queued = await openAsJob(bench, { environment: 'dev', artifact: 'v2' })
    const waiting = await bench.start(queued)
    const newer = await bench.start({ environment: 'dev', artifact: 'v2' })
    await bench.runs.completed(waiting, AbortSignal.timeout(20_000))
    go.resolve()
    await bench.quiet()
    expect([first, newer].map(run => endOf(run).decision)).toEqual(['done', 'done'])
    const all = bench.deployments('dev')
    expect(all.filter(one => one.state === 'active')).toHaveLength(1)
    expect(all.find(one => String(one.id) === queued.deployment)).toMatchObject({
      walked: ['queued', 'building', 'failed'],
      reason: 'superseded_by_newer',
    })
    expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v2', 'two'])
  })
})
