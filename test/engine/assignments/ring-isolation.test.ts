import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimRun } from '../../../src/engine/assignments/claim-run.ts'
import { takeReport } from '../../../src/engine/assignments/take-report.ts'
import { openSmallControls, type SmallControls } from '../../support/small-control.ts'
import type { SmallRun } from '../../support/small-github.ts'
import { createSmallModel, letAllEndWell } from '../../support/small-model.ts'
import { openSmallWorld, people, type SmallWorld } from '../../support/small-world.ts'

let controls: SmallControls
beforeAll(async () => {
  controls = await openSmallControls()
})
afterAll(async () => {
  await controls[Symbol.asyncDispose]()
})

/** A run that brought v1 into dev, and one that is about to bring it into staging. */
async function openTwoRuns(): Promise<{ world: SmallWorld; dev: SmallRun; staging: SmallRun }> {
  const world = await openSmallWorld(controls.open())
  await world.rule({ frozen: false, approvals: 0 })
  await world.build()
  await letAllEndWell(createSmallModel(), world)
  await world.say(people.alice, '/promote staging v1')
  await world.settle()
  const runIn = (environment: string): SmallRun => {
    const found = world.github.runs.find(run => run.environment === environment)
    if (found === undefined) throw new Error(`no run went into ${environment}`)
    return found
  }
  return { world, dev: runIn('dev'), staging: runIn('staging') }
}

const refused = expect.objectContaining({ code: 'unauthorised_run' })

describe('the token of a job in one ring', () => {
  it('[F22] gets no configuration of another ring, whatever it asks for', async () => {
    const { world, dev, staging } = await openTwoRuns()
    const asDev = world.callerOf(dev)
    const claim = { command: 'deploy', artifact: undefined, reason: undefined } as const
    const { promotion } = staging
    await expect(claimRun(world.control, asDev, { ...claim, environment: 'staging', promotion })).rejects.toEqual(
      refused,
    )
    await expect(claimRun(world.control, asDev, { ...claim, environment: 'dev', promotion })).rejects.toEqual(refused)
    const own = await claimRun(world.control, asDev, { ...claim, environment: 'dev', promotion: dev.promotion })
    expect(own.environment).toBe('dev')
  })

  it('[F22] moves nothing in another ring', async () => {
    const { world, dev, staging } = await openTwoRuns()
    await world.claim(staging)
    const deployment = world.assigned.get(staging.id)?.deployment ?? 0
    const before = await world.run(tx => tx.deployments.read(deployment))
    const report = { deployment, event: 'failed', words: 'of another ring' } as const
    await expect(takeReport(world.control, world.callerOf(dev), report)).rejects.toEqual(refused)
    expect(await world.run(tx => tx.deployments.read(deployment))).toEqual(before)
  })
})
