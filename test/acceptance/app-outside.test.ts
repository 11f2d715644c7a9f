import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import type { TinyRing } from '../support/tiny-solution.ts'

const rings: readonly TinyRing[] = [{ name: 'dev', lines: ['deploy-on: push', 'who: { promote: [write] }'] }]

let bench: ControlBench
beforeAll(async () => {
  bench = await openControlBench({ solutions: { shop: rings } })
})
afterAll(async () => {
  await bench.close()
})

it('what happened while the App was away, and of which no delivery tells, is found: a rollback and a command', async () => {
  await bench.send({ 'shop/app.txt': 'one\n' })
  await bench.points('dev', 'v1')
  await bench.send({ 'shop/app.txt': 'two\n' })
  await bench.points('dev', 'v2')
  const issue = await bench.issue('It broke')
  const { faults } = bench.sandbox

  await bench.app.kill('SIGKILL')
  faults.webhooks.add({ on: '*', kind: 'lose' })
  // As a job does that cannot reach the App, without the minute for which it tries.
  bench.sandbox.setVariable(bench.repository, { name: 'RINGWAY_URL', value: '' })
  await bench.run({ command: 'rollback', environment: 'dev' })
  expect(bench.pointer('dev')).toBe('v1')
  await bench.comment(issue, '/status')
  bench.sandbox.setVariable(bench.repository, { name: 'RINGWAY_URL', value: bench.appUrl })
  await bench.restart()
  await bench.until(() => /\bv1\b.* since /.test(bench.sticky(issue)), 'the answer to a command that was lost')
  faults.webhooks.clear()

  // It goes in over what the App knows to be there, or not at all.
  await bench.comment(issue, '/promote dev v2')
  await bench.points('dev', 'v2')
  expect(bench.deployments('dev').map(({ artifact, state }) => [artifact, state])).toEqual([
    ['v1', 'superseded'],
    ['v2', 'rolled_back'],
    ['v1', 'superseded'],
    ['v2', 'active'],
  ])
})
