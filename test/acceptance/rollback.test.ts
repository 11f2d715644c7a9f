import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MachineCall } from '../support/bench-machine.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench
const ring = 'dev'
const newest = () => bench.deployments(ring).at(-1)
const verbsSince = (calls: number) => bench.machine.calls.slice(calls).map(call => `${call.verb} ${call.version}`)
const is = (verb: string, version: string) => (call: MachineCall) => call.verb === verb && call.version === version

/** Versions as they are published; each is tried once or more in the one ring that takes nothing by itself. */
const versions = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6']

beforeAll(async () => {
  bench = await openWorkbench({ solutions: { shop: [{ name: ring }, { name: 'empty' }] } })
  for (const version of versions) await bench.push({ 'shop/app.txt': `content of ${version}\n` })
})
afterEach(() => bench.machine.rule())
afterAll(() => bench.close())

/** Answers one order badly, and every other one well. */
function fail(matches: (call: MachineCall) => boolean, answer: 'fail' | 'late' = 'fail', times = 1): void {
  let left = times
  bench.machine.rule(call => {
    if (left === 0 || !matches(call)) return 'ok'
    left -= 1
    return answer
  })
}

describe('the first deployment of a ring', () => {
  it('[M16] that is not healthy ends rolled back, is taken away, and the ring points to nothing', async () => {
    fail(is('check', 'v6'))
    const run = await bench.run({ environment: 'empty', artifact: 'v6' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'validation_failed' })
    expect(bench.deployments('empty').at(-1)).toMatchObject({
      walked: ['queued', 'building', 'deploying', 'validating', 'rolling_back', 'rolled_back'],
      github: 'failure',
    })
    expect(bench.machine.calls.at(-1)).toMatchObject({ verb: 'undeploy', version: 'v6' })
    expect([bench.pointer('empty'), bench.machine.serving('empty')]).toEqual([undefined, undefined])
  })
})

describe('a version that is not healthy', () => {
  beforeAll(async () => {
    await bench.run({ environment: ring, artifact: 'v1' })
  })

  it('[M16] is rolled back in the same job, and what ran before runs again', async () => {
    const calls = bench.machine.calls.length
    fail(is('http', 'v2'), 'fail', 100)
    const run = await bench.run({ environment: ring, artifact: 'v2' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'validation_failed' })
    expect(newest()).toMatchObject({
      artifact: 'v2',
      walked: ['queued', 'building', 'deploying', 'validating', 'rolling_back', 'rolled_back'],
      reason: 'validation_failed',
      words: expect.stringContaining('v1 runs again'),
    })
    // The health address is asked until its deadline.
    expect([...new Set(verbsSince(calls))]).toEqual(['deploy v2', 'http v2', 'rollback v1'])
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v1', 'content of v1'])
    expect(jobOf(run).summary).toContain('answered 500, expected 200')
  })

  it('[M16] is in quarantine: nobody deploys it again', async () => {
    const calls = bench.machine.calls.length
    const run = await bench.run({ environment: ring, artifact: 'v2' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'refused', reason: 'quarantined' })
    expect(newest()).toMatchObject({ walked: ['queued', 'building', 'failed'], github: 'failure' })
    expect(bench.machine.calls).toHaveLength(calls)
  })

  it('[M16] stays `rolling_back` and says so when nothing can be restored, and the next run restores', async () => {
    bench.machine.rule(call => (is('check', 'v3')(call) || call.verb === 'rollback' ? 'fail' : 'ok'))
    const run = await bench.run({ environment: ring, artifact: 'v3' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed' })
    expect(bench.machine.calls.filter(is('rollback', 'v1')).length).toBeGreaterThanOrEqual(3)
    expect(newest()).toMatchObject({ artifact: 'v3', state: 'rolling_back', reason: 'restore_failed' })
    expect(newest()?.words).toContain('could not put back')
    expect(bench.pointer(ring)).toBe('v1')
    bench.machine.rule()
    await bench.run({ environment: ring, artifact: 'v4' })
    expect(bench.deployments(ring).find(one => one.artifact === 'v3')).toMatchObject({ state: 'rolled_back' })
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v4', 'content of v4'])
  })
})

describe('a target that does not take a version', () => {
  it('[M16] never moves the pointer, and its rollback command ran before the deployment has failed', async () => {
    const calls = bench.machine.calls.length
    fail(is('deploy', 'v5'), 'late')
    const run = await bench.run({ environment: ring, artifact: 'v5' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'deploy_command_failed' })
    expect(newest()).toMatchObject({ artifact: 'v5', walked: ['queued', 'building', 'deploying', 'failed'] })
    expect(verbsSince(calls)).toEqual(['deploy v5', 'rollback v4'])
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v4', 'content of v4'])
  })

  it('[M16] is asked to go back when it fails while traffic is sent over', async () => {
    fail(is('activate', 'v5'), 'late')
    const run = await bench.run({ environment: ring, artifact: 'v5' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'deploy_command_failed' })
    expect(newest()).toMatchObject({ artifact: 'v5', state: 'rolled_back' })
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v4', 'content of v4'])
  })
})

describe('a rollback by hand', () => {
  it('[M17] [C17] [A10] [F24] restores the last healthy version by one command, in seconds', async () => {
    const calls = bench.machine.calls.length
    const started = performance.now()
    const run = await bench.run({ command: 'rollback', environment: ring })
    // From the command to the version that answers, on a machine that does other things too.
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
    const bad = bench.deployments(ring).find(one => one.artifact === 'v4')
    expect(bad).toMatchObject({ artifact: 'v4', state: 'rolled_back', github: 'failure' })
    expect(bad?.walked.slice(-3)).toEqual(['active', 'rolling_back', 'rolled_back'])
    expect(newest()).toMatchObject({
      artifact: 'v1',
      walked: ['queued', 'building', 'deploying', 'validating', 'active'],
    })
    expect(verbsSince(calls)).toEqual(['rollback v1', 'http v1'])
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v1', 'content of v1'])
  })

  it('[C13] goes to a version that is named, when that was healthy here', async () => {
    await bench.run({ environment: ring, artifact: 'v6' })
    await bench.run({ command: 'rollback', environment: ring, artifact: 'v1' })
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v1', 'content of v1'])
    const never = await bench.run({ command: 'rollback', environment: ring, artifact: 'v2' })
    expect(endOf(never)).toMatchObject({ conclusion: 'failure', decision: 'refused', reason: 'no_rollback_target' })
    const same = await bench.run({ command: 'rollback', environment: ring, artifact: 'v1' })
    expect(endOf(same)).toMatchObject({ conclusion: 'success', decision: 'nothing', reason: 'already_active' })
    expect(bench.deployments(ring).filter(one => one.state === 'active')).toHaveLength(1)
  })

  it('[M17] [F24] does not wait for a deployment of the ring that is under way: it is cancelled and ends', async () => {
    await bench.push({ 'shop/app.txt': 'content of v7\n' })
    await bench.push({ 'shop/app.txt': 'content of v8\n' })
    await bench.run({ environment: ring, artifact: 'v7' })
    const asked = Promise.withResolvers<void>()
    bench.machine.rule(call => {
      if (!is('deploy', 'v8')(call)) return 'ok'
      asked.resolve()
      return 'hang'
    })
    await bench.start({ environment: ring, artifact: 'v8' })
    await asked.promise
    const run = await bench.run({ command: 'rollback', environment: ring })
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
    const told = new Map(bench.deployments(ring).map(one => [one.artifact, one]))
    expect(told.get('v8')).toMatchObject({ state: 'failed', reason: 'cancelled' })
    expect(told.get('v7')).toMatchObject({ state: 'rolled_back' })
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v1', 'content of v1'])
  })

  it('[M17] that fails leaves the ring where it is, says so, and the next attempt is a further deployment', async () => {
    await bench.run({ environment: ring, artifact: 'v7' })
    fail(is('rollback', 'v1'))
    const failed = await bench.run({ command: 'rollback', environment: ring })
    expect(endOf(failed)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'restore_failed' })
    expect(newest()).toMatchObject({ artifact: 'v1', state: 'failed' })
    expect(bench.pointer(ring)).toBe('v7')
    const again = await bench.run({ command: 'rollback', environment: ring })
    expect(endOf(again)).toMatchObject({ conclusion: 'success', decision: 'done' })
    expect([bench.pointer(ring), bench.machine.serving(ring)]).toEqual(['v1', 'content of v1'])
    expect(bench.deployments(ring).filter(one => one.state === 'active')).toHaveLength(1)
  })
})
