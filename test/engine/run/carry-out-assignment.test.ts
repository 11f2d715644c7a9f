import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import { sha256Digest } from '../../../src/domain/units.ts'
import { carryOutAssignment } from '../../../src/engine/run/carry-out-assignment.ts'
import { finishAssignment } from '../../../src/engine/run/finish-assignment.ts'
import { openRunBench, type RunBench } from './run-bench.ts'

let bench: RunBench
beforeEach(async () => {
  bench = await openRunBench()
  before = 0
})
afterEach(() => bench[Symbol.asyncDispose]())

/** What was told before the test began. */
let before = 0
const events = () => bench.app.reports.slice(before).map(report => report.event)
const pointer = () => bench.app.pointers.get('shop-dev')?.version

/** Deploys v1, so that there is something to displace. */
async function deployFirst(): Promise<void> {
  await carryOutAssignment(bench.ports, bench.authorise(1).claim)
  bench.deeds.length = 0
  before = bench.app.reports.length
}

describe('a version that goes in', () => {
  it('[M11] is placed, checked, activated, and each step is told before the next begins', async () => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2)
    const told: (readonly [string, number])[] = []
    bench.app.decide(report => void told.push([report.event, bench.deeds.length]))
    const result = await carryOutAssignment(bench.ports, claim)
    expect(told).toEqual([
      ['packaged', 0],
      ['placed', 1],
      ['checked', 3],
      ['activated', 4],
    ])
    expect(bench.deeds).toEqual(['place v2', 'http v2', 'run v2', 'activate v2'])
    expect(deployment.walked).toEqual(['queued', 'building', 'deploying', 'validating', 'active'])
    expect([pointer(), bench.serving]).toEqual([2, 'v2'])
    expect(result).toMatchObject({
      command: 'deploy',
      decision: 'done',
      reason_code: 'ok',
      version: 'v2',
      previous_version: 'v1',
      deployment_id: 101,
      state: 'active',
      url: 'https://v2.shop.example',
      changes: ['~ files: 1 changed'],
      checks: [{ kind: 'passed' }, { kind: 'passed' }],
    })
    expect(bench.app.reports.find(report => report.event === 'checked')?.checks).toHaveLength(2)
    expect(bench.app.deployments[0]?.state).toBe('superseded')
    expect(bench.memory).toBeUndefined()
  })

  it("has the configuration of its artifact, over the organisation's in the assignment", async () => {
    await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    const [placement] = bench.placements
    expect(placement?.configuration).toEqual({ COLOUR: 'red', SIZE: 2, OWNER: 'acme' })
    expect(placement).toMatchObject({ deployment: 100, version: 'v2', ring: 'dev', previous: undefined })
  })

  it('[C17] that is restored is asked for its health alone, and traffic comes with it', async () => {
    await deployFirst()
    await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    bench.deeds.length = 0
    const { deployment, claim } = bench.authorise(1, { task: 'restore' })
    const result = await carryOutAssignment(bench.ports, claim)
    expect(bench.deeds).toEqual(['restore v1', 'http v1'])
    expect(result).toMatchObject({ command: 'rollback', decision: 'done', message: 'dev went back from v2 to v1.' })
    expect(deployment.state).toBe('active')
    expect(bench.app.deployments.map(one => one.state)).toEqual(['superseded', 'rolled_back', 'active'])
    expect([pointer(), bench.serving]).toEqual([1, 'v1'])
  })

  it('is shown where the ring says that people reach it; its checks ask the version itself', async () => {
    const asked: (string | undefined)[] = []
    const { checkRunner } = bench.ports
    const ports = {
      ...bench.ports,
      checkRunner: {
        run: (...[check, place]: Parameters<typeof checkRunner.run>) => {
          asked.push(place.url)
          return checkRunner.run(check, place)
        },
      },
    }
    bench.ringFile = bench.ringFile.replace('shop-dev\n', 'shop-dev\n        url: https://shop.example\n')
    const result = await carryOutAssignment(ports, bench.authorise(2).claim)
    expect(result.url).toBe('https://shop.example')
    expect(bench.app.reports.at(-1)?.url).toBe('https://shop.example')
    expect(asked).toEqual(['https://v2.shop.example', 'https://v2.shop.example'])
  })

  it('hands the parameters of its promotion to the commands of the ring', async () => {
    await carryOutAssignment(bench.ports, bench.authorise(2, { parameters: { region: 'eu-1' } }).claim)
    expect(bench.placements.at(-1)?.parameters).toEqual({ region: 'eu-1' })
  })

  it('that nothing ran before is taken away', async () => {
    const { deployment, claim } = bench.authorise(1, { task: 'remove', state: 'rolling_back' })
    bench.serving = 'v1'
    expect(await carryOutAssignment(bench.ports, claim)).toMatchObject({ decision: 'done', state: 'rolled_back' })
    expect([bench.deeds, bench.serving]).toEqual([['remove v1'], undefined])
    expect([events(), deployment.state]).toEqual([['put_back'], 'rolled_back'])
  })
})

describe('a version that cannot', () => {
  const cases = [
    { deed: 'place', reason: 'deploy_command_failed', ends: 'failed', after: ['place v2', 'restore v1'] },
    { deed: 'run', reason: 'validation_failed', ends: 'rolled_back', after: ['run v2', 'restore v1'] },
    { deed: 'activate', reason: 'deploy_command_failed', ends: 'rolled_back', after: ['activate v2', 'restore v1'] },
  ] as const
  it.each(cases)('[M6] because $deed fails is put back and ends as $ends', async ({ deed, reason, ends, after }) => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2)
    bench.rule((name, { version }) => (name === deed && version === 'v2' ? 'fail' : 'ok'))
    const result = await carryOutAssignment(bench.ports, claim)
    expect(result).toMatchObject({ decision: 'failed', reason_code: reason, state: ends })
    expect(result.remedy).toMatch(/\w/)
    expect(bench.deeds.slice(-2)).toEqual(after)
    expect(events().slice(-2)).toEqual(['failed', 'put_back'])
    expect(bench.app.reports.at(-1)).toMatchObject({ ok: true, words: 'v1 runs again' })
    expect([deployment.state, pointer(), bench.serving]).toEqual([ends, 1, 'v1'])
    expect(bench.memory).toBeUndefined()
  })

  it('[M9] because the store does not have its digest never reaches the target', async () => {
    const digest = sha256Digest(`sha256:${'0'.repeat(64)}`)
    const { deployment, claim } = bench.authorise(2, { digest })
    const result = await carryOutAssignment(bench.ports, claim)
    expect(result).toMatchObject({ decision: 'failed', reason_code: 'artifact_not_found', state: 'failed' })
    expect([bench.deeds, events()]).toEqual([[], ['failed']])
    expect(deployment.walked).toEqual(['queued', 'building', 'failed'])
  })

  it('is taken away when nothing ran before', async () => {
    bench.rule(name => (name === 'http' ? 'fail' : 'ok'))
    const { deployment, claim } = bench.authorise(1)
    await carryOutAssignment(bench.ports, claim)
    expect(bench.deeds).toEqual(['place v1', 'http v1', 'remove v1'])
    expect([deployment.state, pointer()]).toEqual(['rolled_back', undefined])
  })

  it('stays rolling back when nothing brings back what ran before, and the App knows', async () => {
    await deployFirst()
    bench.rule(name => (name === 'http' || name === 'restore' ? 'fail' : 'ok'))
    const { deployment, claim } = bench.authorise(2)
    const result = await carryOutAssignment(bench.ports, claim)
    expect(bench.deeds.filter(deed => deed === 'restore v1')).toHaveLength(3)
    expect(bench.app.reports.at(-1)).toMatchObject({ event: 'put_back', ok: false })
    expect([deployment.state, result.state]).toEqual(['rolling_back', 'rolling_back'])
  })

  it('be restored displaces nothing: the ring points to what it pointed to', async () => {
    await deployFirst()
    await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    bench.rule(name => (name === 'restore' ? 'fail' : 'ok'))
    bench.deeds.length = 0
    const { deployment, claim } = bench.authorise(1, { task: 'restore' })
    expect(await carryOutAssignment(bench.ports, claim)).toMatchObject({ reason_code: 'restore_failed' })
    expect(bench.deeds).toEqual(['restore v1'])
    expect([deployment.state, pointer()]).toEqual(['failed', 2])
    expect(bench.app.deployments[1]?.state).toBe('rolling_back')
  })

  it('go in because the ring file calls its environment something else', async () => {
    const { deployment, claim } = bench.authorise(2, { ring: 'production' })
    const result = await carryOutAssignment(bench.ports, claim)
    expect(result).toMatchObject({ decision: 'failed', reason_code: 'deployment_mismatch' })
    expect([deployment.state, bench.deeds]).toEqual(['failed', []])
  })
})

describe('an App that stops a run', () => {
  it('[M11] because the pointer moved gets back what the ring points to now', async () => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2)
    const current = { artifact: { version: 3, digest: bench.digests[3] } }
    bench.app.decide(({ event }) =>
      event === 'checked' ? { verdict: 'stop', reason: 'pointer_moved', words: 'v3 is there', current } : undefined,
    )
    const result = await carryOutAssignment(bench.ports, claim)
    expect(result).toMatchObject({ decision: 'refused', reason_code: 'pointer_moved', message: 'v3 is there' })
    expect(bench.deeds).toEqual(['place v2', 'http v2', 'run v2', 'restore v3'])
    expect(events().slice(-3)).toEqual(['checked', 'failed', 'put_back'])
    expect(bench.app.reports.at(-2)).toMatchObject({ reason: 'pointer_moved', kind: 'failed' })
    expect(deployment.state).toBe('rolled_back')
  })

  it('before it touched the target has nothing to be put back', async () => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2)
    const stop = { verdict: 'stop', reason: 'quarantined', words: 'it is in quarantine' } as const
    bench.app.decide(({ event }) => (event === 'packaged' ? stop : undefined))
    expect(await carryOutAssignment(bench.ports, claim)).toMatchObject({
      decision: 'refused',
      reason_code: 'quarantined',
    })
    expect([bench.deeds, deployment.state]).toEqual([[], 'failed'])
  })

  it('at the last moment has the traffic back', async () => {
    await deployFirst()
    const { claim } = bench.authorise(2)
    const stop = { verdict: 'stop', reason: 'frozen', words: 'the ring was frozen' } as const
    bench.app.decide(({ event }) => (event === 'activated' ? stop : undefined))
    await carryOutAssignment(bench.ports, claim)
    expect([bench.deeds.at(-1), bench.serving, pointer()]).toEqual(['restore v1', 'v1', 1])
  })
})

describe('a run that is started again', () => {
  it('when its deployment is active changes nothing', async () => {
    const { claim } = bench.authorise(1)
    await carryOutAssignment(bench.ports, claim)
    bench.deeds.length = 0
    const again = await carryOutAssignment(bench.ports, claim)
    expect(again).toMatchObject({ decision: 'nothing', reason_code: 'already_done', state: 'active' })
    expect(bench.deeds).toEqual([])
  })

  it('when its deployment has ended says how, and changes nothing', async () => {
    const { claim } = bench.authorise(1, { state: 'rolled_back', reason: 'validation_failed', words: '/healthz: 500' })
    const result = await carryOutAssignment(bench.ports, claim)
    expect(result).toMatchObject({ decision: 'refused', reason_code: 'validation_failed' })
    expect(result.message).toContain('rolled_back, /healthz: 500')
    expect([bench.deeds, events(), bench.memory]).toEqual([[], [], undefined])
  })

  it('goes on from where it stands, and what was told before is told again to no effect', async () => {
    const { deployment, claim } = bench.authorise(2, { state: 'validating' })
    expect(await carryOutAssignment(bench.ports, claim)).toMatchObject({ decision: 'done', state: 'active' })
    expect(deployment.walked).toEqual(['validating', 'active'])
  })

  it('while it was being put back puts back and nothing else', async () => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2, { state: 'rolling_back' })
    const result = await carryOutAssignment(bench.ports, claim)
    expect(result).toMatchObject({ decision: 'failed', reason_code: 'run_vanished', state: 'rolled_back' })
    expect([bench.deeds, deployment.state]).toEqual([['restore v1'], 'rolled_back'])
  })
})

it('a run that nobody let go ahead is told what to type, and touches nothing', async () => {
  const claim = { ...bench.authorise(1).claim, promotion: 'p-99' }
  expect(await carryOutAssignment(bench.ports, claim)).toMatchObject({
    decision: 'refused',
    reason_code: 'unauthorised_run',
    remedy: 'Comment `/promote shop-dev`.',
    environment: 'shop-dev',
  })
  expect([bench.deeds, events(), bench.memory]).toEqual([[], [], undefined])
})

describe('an App that is lost under way', () => {
  it.each(['placed', 'checked'])('before it heard %s: what ran before is put back', async event => {
    await deployFirst()
    bench.loseApp({ event })
    const result = await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    expect(result).toMatchObject({ decision: 'errored', reason_code: 'app_unreachable', state: undefined })
    expect(result.message).toContain('v1 runs again')
    expect([bench.deeds.at(-1), bench.serving, pointer()]).toEqual(['restore v1', 'v1', 1])
  })

  it('before anything was placed: nothing changes', async () => {
    await deployFirst()
    bench.loseApp({ event: 'packaged' })
    const result = await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    expect(result).toMatchObject({ decision: 'errored', reason_code: 'app_unreachable' })
    expect([bench.deeds, bench.serving]).toEqual([[], 'v1'])
  })

  it.each([true, false])('when it may have heard that the version is active: nobody guesses (%s)', async got => {
    await deployFirst()
    bench.loseApp({ event: 'activated', got })
    const result = await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    expect(result).toMatchObject({ decision: 'errored', reason_code: 'app_unreachable', state: undefined })
    expect([bench.deeds.at(-1), bench.serving]).toEqual(['activate v2', 'v2'])
    expect(pointer()).toBe(got ? 2 : 1)
  })

  it('when a check has failed: the check is the reason, and what ran before is back', async () => {
    await deployFirst()
    bench.loseApp({ event: 'failed' })
    bench.rule(name => (name === 'run' ? 'fail' : 'ok'))
    const result = await carryOutAssignment(bench.ports, bench.authorise(2).claim)
    expect(result).toMatchObject({ decision: 'failed', reason_code: 'validation_failed' })
    expect(bench.serving).toBe('v1')
  })
})

describe('[M6] a job that is cancelled', () => {
  const moments = [
    { deed: 'place', ends: 'failed', back: ['restore v1'] },
    { deed: 'run', ends: 'rolled_back', back: ['restore v1'] },
    { deed: 'activate', ends: 'rolled_back', back: ['restore v1'] },
  ] as const
  it.each(moments)('during $deed is ended by its post step as $ends', async ({ deed, ends, back }) => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2)
    bench.rule((name, { version }) => {
      if (name !== deed || version !== 'v2') return 'ok'
      bench.cancelled = true
      return 'fail'
    })
    await expect(carryOutAssignment(bench.ports, claim)).rejects.toBeInstanceOf(RingwayError)
    expect(bench.deeds.at(-1)).toBe(`${deed} v2`)
    bench.cancelled = false
    bench.deeds.length = 0
    const { memory } = bench
    if (memory === undefined) throw new Error('the post step knows nothing')
    expect(await finishAssignment(bench.ports, memory)).toBe(ends)
    expect(bench.deeds).toEqual(back)
    expect(bench.app.reports.at(-2)).toMatchObject({ event: 'failed', reason: 'cancelled', kind: 'failed' })
    expect([deployment.state, bench.serving, pointer()]).toEqual([ends, 'v1', 1])
  })

  it('before the target was asked has nothing put back', async () => {
    await deployFirst()
    const { deployment, claim } = bench.authorise(2)
    const assignment = await bench.app.claim(claim)
    expect(await finishAssignment(bench.ports, { assignment, reach: 'untouched' })).toBe('failed')
    expect([bench.deeds, deployment.state]).toEqual([[], 'failed'])
  })

  it.each([
    { reach: 'touched', deeds: ['restore v1'], words: 'v1 runs again' },
    { reach: 'handed_over', deeds: [], words: 'not known' },
  ] as const)('while the App is away, with the target $reach', async ({ reach, deeds, words }) => {
    await deployFirst()
    const assignment = await bench.app.claim(bench.authorise(2).claim)
    bench.loseApp({ event: 'failed' })
    await expect(finishAssignment(bench.ports, { assignment, reach })).rejects.toMatchObject({
      code: 'app_unreachable',
      message: expect.stringContaining(words),
    })
    expect(bench.deeds).toEqual(deeds)
  })

  it('after the App made the version active leaves it', async () => {
    const { claim, deployment } = bench.authorise(1)
    const assignment = await bench.app.claim(claim)
    await carryOutAssignment(bench.ports, claim)
    bench.deeds.length = 0
    expect(await finishAssignment(bench.ports, { assignment, reach: 'handed_over' })).toBe('active')
    expect([bench.deeds, deployment.state]).toEqual([[], 'active'])
  })
})
