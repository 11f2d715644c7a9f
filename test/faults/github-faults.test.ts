import { describe, expect, it } from 'vitest'
import type { ApiFault } from '../../src/sandbox/faults/api-fault.ts'
import { endOf, openWorkbench, type Workbench } from '../support/workbench.ts'

const on = 'POST *'

/** Every write of jobs goes wrong the first time that it is tried. */
function failEachWrite(bench: Workbench, fault: ApiFault, first: number): void {
  for (let skip = first; skip < first + 30; skip += 1) bench.sandbox.faults.api.add({ ...fault, skip, times: 1 })
}

const faults: readonly { readonly what: string; readonly fault: ApiFault; readonly first: number }[] = [
  { what: '502, and nothing was done', fault: { on, kind: 'error', status: 502, when: 'before' }, first: 0 },
  { what: '502, and it was done', fault: { on, kind: 'error', status: 502, when: 'after' }, first: 0 },
  {
    what: '503, and it was done, every other write',
    fault: { on, kind: 'error', status: 503, when: 'after' },
    first: 1,
  },
  { what: 'a cut connection, and nothing was done', fault: { on, kind: 'cut', when: 'before' }, first: 0 },
  { what: 'a cut connection, and it was done', fault: { on, kind: 'cut', when: 'after' }, first: 0 },
  { what: 'a cut connection, and it was done, every other write', fault: { on, kind: 'cut', when: 'after' }, first: 1 },
  {
    what: 'a secondary rate limit',
    fault: { on, kind: 'secondary_rate_limit', status: 403, retryAfterSeconds: 1 },
    first: 0,
  },
]

const solutions = { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] }

/** Each has a GitHub of its own, because most of the time they wait. */
describe.concurrent('GitHub answers every write with', () => {
  it.each(faults)('[M3] [M11] $what: each is done once', async ({ fault, first }) => {
    const bench = await openWorkbench({ solutions })
    try {
      await bench.push({})
      failEachWrite(bench, fault, first)
      const run = await bench.push({ 'shop/app.txt': 'two\n' })
      expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done' })
      expect((await bench.tags()).toSorted()).toEqual(['ringway/shop/v1', 'ringway/shop/v2'])
      expect(bench.deployments('dev').map(one => one.state)).toEqual(['superseded', 'active'])
      const said = bench.repository.deployments.map(one => one.statuses.map(status => status.description.split(':')[0]))
      const walk = ['queued', 'building', 'deploying', 'validating', 'active']
      expect(said.toSorted((a, b) => a.length - b.length)).toEqual([walk, [...walk, 'superseded']])
      expect(bench.machine.calls.filter(call => call.verb === 'activate').map(call => call.version)).toEqual([
        'v1',
        'v2',
      ])
      expect(bench.runs.of(bench.repository)).toHaveLength(4)
    } finally {
      await bench.close()
    }
  })

  it('nothing but errors: the job says that GitHub did not answer, and the ring stays where it is', async () => {
    const bench = await openWorkbench({ solutions })
    try {
      await bench.push({})
      await bench.push({ 'shop/app.txt': 'two\n' })
      // Its own Deployment is there, so the first thing that fails is to say what it does.
      bench.sandbox.faults.api.add({
        on: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
        kind: 'error',
        status: 503,
        when: 'before',
      })
      const calls = bench.machine.calls.length
      const run = await bench.run({ environment: 'dev', artifact: 'v1' })
      expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'errored', reason: 'github_unreachable' })
      expect(bench.machine.calls).toHaveLength(calls)
      bench.sandbox.faults.api.clear()
      expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v2', 'two'])
      await bench.rerun(run)
      expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v1', 'one'])
    } finally {
      await bench.close()
    }
  })

  it('errors to all questions: the same', async () => {
    const bench = await openWorkbench({ solutions })
    try {
      await bench.push({})
      bench.sandbox.faults.api.add({ on: 'GET *', kind: 'error', status: 500, when: 'before' })
      const run = await bench.start({ environment: 'dev', artifact: 'v1' })
      await bench.quiet()
      expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'errored', reason: 'github_unreachable' })
      bench.sandbox.faults.api.clear()
      expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v1', 'one'])
    } finally {
      await bench.close()
    }
  })
})
