import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MachineAnswer } from '../support/bench-machine.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import type { TinyRing } from '../support/tiny-solution.ts'

const rings: readonly TinyRing[] = [
  { name: 'dev', lines: ['deploy-on: push', 'who: { promote: [write] }'] },
  { name: 'staging', lines: ['after: dev', 'promote: auto'] },
]

describe('an App that is killed, and runs that are lost', () => {
  let bench: ControlBench
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: rings } })
  })
  afterAll(async () => {
    await bench.close()
  })

  it('goes on where it was killed: nothing is lost and nothing is done twice', async () => {
    bench.machine.rule(async (call): Promise<MachineAnswer> => {
      if (call.verb !== 'deploy' || call.environment !== 'dev') return 'ok'
      await bench.app.kill('SIGKILL')
      await bench.restart()
      return 'ok'
    })
    await bench.send({ 'shop/app.txt': 'one\n' })
    await bench.points('dev', 'v1')
    bench.machine.rule()
    await bench.points('staging', 'v1')
    expect(bench.deployments('dev')).toHaveLength(1)
    expect(bench.deployments('staging')).toHaveLength(1)
  })

  it('ends the deployment of a job that vanished, and brings back what ran before', async () => {
    bench.machine.rule(call => {
      if (call.verb !== 'deploy' || call.environment !== 'dev' || call.content !== 'two') return 'ok'
      const run = bench.runs.find(bench.repository, call.runId)
      if (run !== undefined) void bench.api(bench.alice, `POST /actions/runs/${run.id}/force-cancel`, {})
      return 'hang'
    })
    await bench.send({ 'shop/app.txt': 'two\n' })
    await bench.until(
      () => bench.deployments('dev').some(({ artifact, state }) => artifact === 'v2' && state === 'failed'),
      'v2 has failed',
      60_000,
    )
    bench.machine.rule()
    await bench.points('dev', 'v1')
    expect(bench.machine.serving('dev')).toBe('one')
    expect(bench.deployments('dev').find(({ artifact }) => artifact === 'v2')).toMatchObject({ reason: 'run_vanished' })
  })

  it('lets only the newest of those that wait go on, and says which took the place', async () => {
    bench.machine.rule()
    await bench.comment(await bench.issue('Hold'), '/lock staging --reason "a look"', bench.alice)
    await bench.send({ 'shop/app.txt': 'three\n' })
    await bench.points('dev', 'v3')
    await bench.send({ 'shop/app.txt': 'four\n' })
    await bench.points('dev', 'v4')
    const issue = await bench.issue('Go')
    await bench.comment(issue, '/unlock staging', bench.alice)
    await bench.points('staging', 'v4')
    expect(bench.deployments('staging').map(({ artifact }) => artifact)).toEqual(['v1', 'v4'])
  })
})
