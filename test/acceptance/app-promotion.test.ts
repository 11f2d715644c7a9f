import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import type { TinyRing } from '../support/tiny-solution.ts'

const rings: readonly TinyRing[] = [
  { name: 'dev', lines: ['deploy-on: push'] },
  { name: 'staging', lines: ['after: dev', 'gates: { approvals: { count: 1, authors: true } }'] },
]

describe('promotion through the App', () => {
  let bench: ControlBench
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: rings } })
  })
  afterAll(async () => {
    await bench.close()
  })

  it('[M4] a push goes into dev by itself; staging takes it by a comment, and an approval of somebody else', async () => {
    await bench.send({ 'shop/app.txt': 'two\n' })
    await bench.points('dev', 'v1')
    const issue = await bench.issue('Release')
    await bench.comment(issue, '/promote staging v1', bench.bob)
    await bench.until(() => bench.sticky(issue).includes('not_permitted'), 'a refusal')
    expect(bench.sticky(issue)).toContain('Only maintain may promote into this ring')
    await bench.comment(issue, '/promote staging v1', bench.alice)
    await bench.until(() => bench.sticky(issue).includes('0 of 1 approvals'), 'what it waits for')
    await bench.comment(issue, '/approve staging', bench.alice)
    await bench.until(() => bench.sticky(issue).includes('cannot approve it'), 'that the requester cannot approve')
    await bench.comment(issue, '/approve staging', bench.bob)
    await bench.points('staging', 'v1')
    expect(bench.machine.serving('staging')).toBe('two')
    expect(bench.deployments('staging')).toMatchObject([
      { artifact: 'v1', walked: ['queued', 'building', 'deploying', 'validating', 'active'] },
    ])
  })

  it('[C17] goes back by one comment, and nothing is built', async () => {
    await bench.send({ 'shop/app.txt': 'three\n' })
    await bench.points('dev', 'v2')
    const issue = await bench.issue('It broke')
    const built = bench.runs.of(bench.repository).filter(run => run.trigger.event === 'push').length
    await bench.comment(issue, '/rollback dev --reason "answers are empty"', bench.bob)
    await bench.points('dev', 'v1')
    expect(bench.machine.serving('dev')).toBe('two')
    expect(bench.deployments('dev').map(({ artifact, state }) => [artifact, state])).toEqual([
      ['v1', 'superseded'],
      ['v2', 'rolled_back'],
      ['v1', 'active'],
    ])
    expect(bench.runs.of(bench.repository).filter(run => run.trigger.event === 'push')).toHaveLength(built)
    expect(bench.sticky(issue)).toContain('dev goes back to v1')
  })
})
