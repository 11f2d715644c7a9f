import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Loss, loseJob } from '../support/lost-job.ts'
import { movingClock } from '../support/moving-clock.ts'
import { endOf, openWorkbench, type Workbench } from '../support/workbench.ts'

const report = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'
const clock = movingClock()
let bench: Workbench
const now = () => [bench.pointer('dev'), bench.machine.serving('dev')]

beforeAll(async () => {
  bench = await openWorkbench({ solutions: { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] }, clock })
  await bench.push({})
  await bench.push({ 'shop/app.txt': 'two\n' })
  await bench.push({ 'shop/app.txt': 'three\n' })
})
beforeEach(async () => {
  if (bench.pointer('dev') !== 'v3') await bench.run({ environment: 'dev', artifact: 'v3' })
})
afterEach(() => {
  bench.sandbox.faults.api.clear()
  bench.machine.rule()
  clock.forward(3_600_000)
})
afterAll(() => bench.close())

/** Runs it again: the ring goes back by one version and no further, and the bad one has ended. */
async function expectRestored(run: Awaited<ReturnType<Workbench['start']>>): Promise<void> {
  await bench.rerun(run)
  expect(endOf(run)).toMatchObject({ conclusion: 'success' })
  expect(now()).toEqual(['v2', 'two'])
  const open = ['queued', 'building', 'deploying', 'validating', 'rolling_back']
  expect(bench.deployments('dev').filter(one => open.includes(one.state ?? ''))).toEqual([])
}

interface Moment {
  readonly write: string
  readonly index: number
  readonly when: 'before' | 'after'
  readonly loss: Loss
}

const writes = ['queued', 'rolling_back', 'building', 'deploying', 'validating', 'active', 'rolled_back']
const moments = writes.map(
  (write, index): Moment => ({
    write,
    index,
    when: index % 2 === 0 ? 'after' : 'before',
    loss: index % 3 === 0 ? 'process' : 'machine',
  }),
)
const last: Moment = { write: 'active', index: 5, when: 'after', loss: 'machine' }

describe('[M11] [M17] a rollback is killed and run again', () => {
  it.each([...moments, last])('$when it says $write, with its $loss', async ({ index, when, loss }) => {
    const run = await bench.start({ command: 'rollback', environment: 'dev' })
    let killed = 0
    const meanwhile = (): void => {
      killed += 1
      loseJob(bench, run, loss)
    }
    bench.sandbox.faults.api.add({ on: report, kind: 'cut', when, skip: index, times: 1, meanwhile })
    await bench.quiet()
    expect(killed).toBe(1)
    await expectRestored(run)
  })

  it.each(['process', 'machine'] as const)('while the version is being restored, with its %s', async loss => {
    const run = await bench.start({ command: 'rollback', environment: 'dev' })
    let killed = 0
    bench.machine.rule(call => {
      if (call.verb !== 'rollback' || killed > 0) return 'ok'
      killed += 1
      loseJob(bench, run, loss)
      return 'ok'
    })
    await bench.quiet()
    expect(killed).toBe(1)
    await expectRestored(run)
  })
})
