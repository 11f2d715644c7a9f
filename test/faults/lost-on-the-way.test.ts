import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import { loseJob } from '../support/lost-job.ts'
import { movingClock } from '../support/moving-clock.ts'
import { endOf, openWorkbench, type Workbench } from '../support/workbench.ts'

const clock = movingClock()
let bench: Workbench
let versions = 1

beforeAll(async () => {
  bench = await openWorkbench({
    clock,
    solutions: {
      shop: [
        { name: 'dev', lines: ['deploy-on: push'] },
        { name: 'staging', lines: ['after: dev', 'promote: auto'] },
      ],
    },
  })
  await bench.push({})
})
afterEach(() => {
  bench.sandbox.faults.api.clear()
  // The jobs of a repository may ask a thousand times in an hour.
  clock.forward(3_600_000)
})
afterAll(() => bench.close())

const ref = 'POST /repos/{owner}/{repo}/git/refs'
const open = 'POST /repos/{owner}/{repo}/deployments'
const report = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'
const dispatch = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'

const moments = [
  { job: 'build', on: ref, skip: 0, when: 'before' },
  { job: 'build', on: ref, skip: 0, when: 'after' },
  { job: 'build', on: open, skip: 0, when: 'after' },
  { job: 'build', on: report, skip: 0, when: 'after' },
  { job: 'build', on: dispatch, skip: 0, when: 'after' },
  { job: 'deploy', on: open, skip: 1, when: 'before' },
  { job: 'deploy', on: open, skip: 1, when: 'after' },
  { job: 'deploy', on: dispatch, skip: 1, when: 'after' },
] as const

/** The run whose job of this name is at work. */
function atWork(job: string): WorkflowRun {
  const runs = bench.runs.of(bench.repository)
  const found = runs.find(run =>
    run.attempts.at(-1)?.jobs.some(one => one.name === job && one.status === 'in_progress'),
  )
  if (found === undefined) throw new Error(`no ${job} is at work`)
  return found
}

describe('[D3] [M4] a job is lost with its machine while it sends a version on, and run again', () => {
  it.each(moments)('the $job, $when $on', async ({ job, on, skip, when }) => {
    versions += 1
    const version = `v${versions}`
    const lost: WorkflowRun[] = []
    const meanwhile = (): void => {
      const run = atWork(job)
      lost.push(run)
      loseJob(bench, run, 'machine')
    }
    bench.sandbox.faults.api.add({ on, kind: 'cut', when, skip, times: 1, meanwhile })
    await bench.push({ 'shop/app.txt': `${version}\n` })
    const [run, ...others] = lost
    if (run === undefined || others.length > 0) throw new Error(`${lost.length} jobs were lost`)
    await bench.rerun(run)
    expect(endOf(run)).toMatchObject({ conclusion: 'success' })
    const expected = Array.from({ length: versions }, (_, index) => `ringway/shop/v${index + 1}`)
    expect((await bench.tags()).toSorted()).toEqual(expected.toSorted())
    for (const ring of ['dev', 'staging']) {
      const its = bench.deployments(ring).filter(one => one.artifact === version || one.artifact === undefined)
      expect(
        its.map(one => one.state),
        `${ring} of ${version}`,
      ).toEqual(['active'])
      expect(bench.machine.serving(ring)).toBe(version)
      const activated = bench.machine.calls.filter(call => call.verb === 'activate' && call.version === version)
      expect(activated.filter(call => call.environment === ring)).toHaveLength(1)
    }
  })
})
