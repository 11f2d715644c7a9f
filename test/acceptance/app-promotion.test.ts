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
    await bench.until(() => bench.sticky(issue).includes('dev goes back to v1'), 'the answer')
  })

  it('[C14] [F9] [C16] from the moment that a ring points to a version nothing else is served there, and never nothing; it can go in again', async () => {
    const seen: { readonly serving: string | undefined; readonly said: boolean }[] = []
    const isSaid = () =>
      bench.deployments('dev').at(-1)?.artifact === 'v2' && bench.deployments('dev').at(-1)?.state === 'active'
    const watch = setInterval(() => seen.push({ serving: bench.machine.serving('dev'), said: isSaid() }), 2)
    try {
      await bench.comment(await bench.issue('Once more'), '/promote dev v2', bench.alice)
      await bench.points('dev', 'v2')
    } finally {
      clearInterval(watch)
    }
    expect(seen.filter(({ said }) => said).map(({ serving }) => serving)).toEqual(
      seen.filter(({ said }) => said).map(() => 'three'),
    )
    expect(seen.some(({ said }) => said)).toBe(true)
    expect(seen.every(({ serving }) => serving === 'two' || serving === 'three')).toBe(true)
  })

  it('[F24] a rollback is one comment; the time from there to what ran before is a matter of seconds', async () => {
    const issue = await bench.issue('Incident')
    const begun = performance.now()
    await bench.comment(issue, '/rollback dev', bench.bob)
    await bench.until(() => bench.machine.serving('dev') === 'two', 'what ran before')
    // The promise is 45 seconds with any one thing broken; nothing is broken here.
    expect(performance.now() - begun).toBeLessThan(45_000)
  })
})
