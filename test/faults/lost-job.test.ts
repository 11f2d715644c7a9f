import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MachineAnswer } from '../support/bench-machine.ts'
import { type Loss, loseJob } from '../support/lost-job.ts'
import { movingClock } from '../support/moving-clock.ts'
import { openAsJob } from '../support/open-as-job.ts'
import { endOf, openWorkbench, type Workbench } from '../support/workbench.ts'

const report = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'
const final = ['active', 'superseded', 'failed', 'rolled_back']
const clock = movingClock()
let bench: Workbench

beforeAll(async () => {
  bench = await openWorkbench({ solutions: { shop: [{ name: 'dev' }] }, clock })
  await bench.push({})
  await bench.push({ 'shop/app.txt': 'two\n' })
  await bench.run({ environment: 'dev', artifact: 'v1' })
})
afterEach(() => {
  bench.sandbox.faults.api.clear()
  bench.machine.rule()
  // A job's token may ask a thousand times in an hour, and so may all jobs of a repository together.
  clock.forward(3_600_000)
})
afterAll(() => bench.close())

const contentOf: Readonly<Record<string, string>> = { v1: 'one', v2: 'two' }
const other = (): string => (bench.pointer('dev') === 'v1' ? 'v2' : 'v1')

/** Deployments that have not come to an end. GitHub itself ends the one of a job that was lost before it said anything. */
const unfinished = () =>
  bench.deployments('dev').filter(one => !final.includes(one.state ?? (one.github === 'error' ? 'failed' : 'silent')))
const active = () => bench.deployments('dev').filter(one => one.state === 'active')

/** However it was lost: one deployment is active, nothing is unfinished, and the target serves what the ring points to. */
function expectOrder(wanted: string): void {
  expect(unfinished()).toEqual([])
  expect(active().map(one => one.artifact)).toEqual([wanted])
  expect(bench.machine.serving('dev')).toBe(contentOf[wanted])
}

/** After the post step: the ring points to what it pointed to, or to the new version, and that is what runs. */
function expectRest(): void {
  expect(unfinished()).toEqual([])
  expect(bench.machine.serving('dev')).toBe(contentOf[active().at(-1)?.artifact ?? ''])
}

interface Moment {
  readonly write: string
  /** How many statuses the job has posted before. */
  readonly index: number
  readonly when: 'before' | 'after'
  readonly loss: Loss
}

// Each write of a deployment, by its place; the last says that the one before is superseded.
const moments = ['building', 'deploying', 'validating', 'active', 'superseded'].flatMap(
  (write, index): readonly Moment[] => [
    { write, index, when: 'before', loss: index % 2 === 0 ? 'process' : 'machine' },
    { write, index, when: 'after', loss: index % 2 === 0 ? 'machine' : 'process' },
  ],
)
// By hand the job itself says that its Deployment is queued.
const byHand: readonly Moment[] = [
  { write: 'queued', index: 0, when: 'before', loss: 'machine' },
  { write: 'queued', index: 0, when: 'after', loss: 'process' },
]

describe('[M11] the job is killed at a write, and run again', () => {
  it.each([...byHand, ...moments])('$when it says $write, with its $loss', async ({ write, index, when, loss }) => {
    const wanted = other()
    const asked = { environment: 'dev', artifact: wanted }
    const run = await bench.start(write === 'queued' ? asked : await openAsJob(bench, asked))
    let killed = 0
    const meanwhile = (): void => {
      killed += 1
      loseJob(bench, run, loss)
    }
    bench.sandbox.faults.api.add({ on: report, kind: 'cut', when, skip: index, times: 1, meanwhile })
    await bench.quiet()
    expect(killed).toBe(1)
    if (loss === 'process') expectRest()
    await bench.rerun(run)
    expect(endOf(run)).toMatchObject({ conclusion: 'success' })
    expectOrder(wanted)
  })
})

const orders = [
  { verb: 'deploy', answer: 'fail', loss: 'process' },
  { verb: 'deploy', answer: 'ok', loss: 'machine' },
  { verb: 'check', answer: 'ok', loss: 'process' },
  { verb: 'check', answer: 'ok', loss: 'machine' },
  { verb: 'http', answer: 'ok', loss: 'process' },
  { verb: 'activate', answer: 'fail', loss: 'machine' },
  { verb: 'activate', answer: 'ok', loss: 'process' },
  { verb: 'activate', answer: 'ok', loss: 'machine' },
] as const satisfies readonly { verb: string; answer: MachineAnswer; loss: Loss }[]

describe('[M11] the job is killed while a command runs, and run again', () => {
  it.each(orders)('$verb ($answer), with its $loss', async ({ verb, answer, loss }) => {
    const wanted = other()
    // Dispatched by Ringway, a re-run has the same Deployment; by hand it has one of its own.
    const byHand = { environment: 'dev', artifact: wanted }
    const run = await bench.start(verb === 'http' ? await openAsJob(bench, byHand) : byHand)
    let killed = 0
    bench.machine.rule(call => {
      if (call.verb !== verb || killed > 0) return 'ok'
      killed += 1
      loseJob(bench, run, loss)
      return answer
    })
    await bench.quiet()
    expect(killed).toBe(1)
    if (loss === 'process') expectRest()
    await bench.rerun(run)
    expect(endOf(run)).toMatchObject({ conclusion: 'success' })
    expectOrder(wanted)
  })
})
