import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentAttempt } from '../../src/sandbox/actions/runs/workflow-run.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import { type TinyRing, tinyRingFile } from '../support/tiny-solution.ts'

const approvals = 'approvals: { count: 1, authors: true }'
const rings = (production: string): readonly TinyRing[] => [
  { name: 'dev', lines: ['deploy-on: push', 'who: { promote: [write] }'] },
  { name: 'production', lines: ['after: dev', `gates: { ${production} }`] },
]

describe('a ring that GitHub holds for the App', () => {
  let bench: ControlBench
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: rings(approvals) } })
    await bench.guard('production')
    await bench.send({ 'shop/app.txt': 'one\n' })
    await bench.points('dev', 'v1')
  })
  afterAll(async () => {
    await bench.close()
  })

  it('[C12] lets the job of a promotion in when its gates pass, and GitHub has one Deployment of it', async () => {
    const issue = await bench.issue('Release v1')
    await bench.comment(issue, '/promote production v1', bench.alice)
    await bench.until(() => bench.sticky(issue).includes('0 of 1 approvals'), 'what it waits for')
    await bench.comment(issue, '/approve production', bench.bob)
    await bench.points('production', 'v1')
    expect(bench.machine.serving('production')).toBe('one')
    expect(bench.deployments('production')).toHaveLength(1)
    expect(bench.deployments('production')).toMatchObject([{ state: 'active', github: 'success' }])
  })

  it('turns a run away that nobody authorised, with the command to type', async () => {
    const run = await bench.start({ environment: 'production', artifact: 'v1' })
    await bench.until(() => currentAttempt(run).status === 'completed', 'the end of the run')
    expect(currentAttempt(run).conclusion).toBe('failure')
    expect(bench.machine.serving('production')).toBe('one')
  })

  it('[F17] holds a promotion while a freeze holds, and lets it in when the freeze is lifted', async () => {
    const freeze = `windows: { freeze: [ { from: 2020-01-01, to: 2099-01-01, reason: holidays } ] }, ${approvals}`
    await bench.send({ '.github/rings.yml': tinyRingFile({ shop: rings(freeze) }), 'shop/app.txt': 'two\n' })
    await bench.points('dev', 'v2')
    const issue = await bench.issue('Release v2')
    await bench.comment(issue, '/promote production v2', bench.alice)
    await bench.until(() => bench.sticky(issue).includes('holidays'), 'that it is frozen')
    await bench.comment(issue, '/approve production', bench.bob)
    await bench.send({ '.github/rings.yml': tinyRingFile({ shop: rings(approvals) }) })
    // The rules changed, so what was approved under the old ones counts no more.
    await bench.until(() => bench.sticky(issue).includes('lapsed'), 'that the approval lapsed')
    await bench.comment(issue, '/approve production', bench.bob)
    await bench.points('production', 'v2')
    expect(bench.machine.serving('production')).toBe('two')
  })

  it('[M16] brings the version before back when a check says no, and keeps the bad one out', async () => {
    bench.machine.rule(call =>
      call.verb === 'http' && call.version === 'v3' && call.environment === 'dev' ? 'fail' : 'ok',
    )
    await bench.send({ 'shop/app.txt': 'three\n' })
    await bench.until(() => bench.deployments('dev').some(({ state }) => state === 'rolled_back'), 'v3 is rolled back')
    await bench.points('dev', 'v2')
    expect(bench.machine.serving('dev')).toBe('two')
    const issue = await bench.issue('Again')
    await bench.comment(issue, '/promote dev v3', bench.alice)
    await bench.until(() => bench.sticky(issue).includes('rolled back automatically'), 'that it is in quarantine')
    expect(bench.deployments('dev').at(-1)).toMatchObject({ artifact: 'v3', state: 'rolled_back' })
  })
})
