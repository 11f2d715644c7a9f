import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wakeDependent } from '../../../src/engine/control/wake-waiting.ts'
import { advanceRing } from '../../../src/engine/promotions/advance-ring.ts'
import { promotionOf } from '../../support/control-records.ts'
import { openSmallControls, type SmallControls } from '../../support/small-control.ts'
import { createSmallModel, letAllEndWell } from '../../support/small-model.ts'
import { openSmallWorld, people, ringFileOf, type SmallWorld } from '../../support/small-world.ts'

let controls: SmallControls
beforeAll(async () => {
  controls = await openSmallControls()
})
afterAll(async () => {
  await controls[Symbol.asyncDispose]()
})

/** A version that waits for an approval in staging. */
async function openWaiting(): Promise<SmallWorld> {
  const world = await openSmallWorld(controls.open())
  await world.build()
  await letAllEndWell(createSmallModel(), world)
  await world.say(people.alice, '/promote staging v1')
  await world.settle()
  return world
}

function countReads(world: SmallWorld): { files: number } {
  const count = { files: 0 }
  world.github.before = async call => {
    if (call === 'readText') count.files += 1
  }
  return count
}

async function stateIn(world: SmallWorld, ring: string): Promise<readonly unknown[]> {
  const [newest] = await world.run(tx => tx.promotions.find({ ...world.ring(ring), limit: 1 }))
  return [newest?.state, newest?.end?.reason]
}

describe('a ring that is looked at', () => {
  it('goes on waiting by the files that were read seconds ago, and no longer than that', async () => {
    const world = await openWaiting()
    const count = countReads(world)
    world.pass(5_000)
    for (let times = 0; times < 5; times += 1) await advanceRing(world.control, world.ring('staging'))
    expect(count.files).toBe(0)
    world.pass(15_000)
    for (let times = 0; times < 5; times += 1) await advanceRing(world.control, world.ring('staging'))
    expect(count.files).toBe(1)
    expect(await stateIn(world, 'staging')).toEqual(['gated', 'approvals_missing'])
  })

  it('lets nothing in by files that were read seconds ago', async () => {
    const world = await openWaiting()
    await world.say(people.bob, '/approve staging')
    world.pass(5_000)
    // Nobody told the App yet.
    world.github.ringFile = ringFileOf({ frozen: true, approvals: 1 })
    const count = countReads(world)
    await advanceRing(world.control, world.ring('staging'))
    expect(count.files).toBe(1)
    expect(await stateIn(world, 'staging')).toEqual(['gated', 'frozen'])
  })

  it('hears of other rules at once, and again when no replica remembers those of before', async () => {
    const world = await openWaiting()
    const looks = async () => (await world.due()).filter(({ kind }) => kind === 'ring')
    await world.rule({ frozen: true, approvals: 1 })
    expect(await looks()).toEqual([{ kind: 'ring', key: world.ring('staging') }])
    await world.settle()
    expect(await stateIn(world, 'staging')).toEqual(['gated', 'frozen'])
    world.pass(20_000)
    expect(await looks()).toEqual([{ kind: 'ring', key: world.ring('staging') }])
  })
})

it('a deployment that ends wakes the rings of its solution and what waits for a slot, and nobody else', async () => {
  const world = await openSmallWorld(controls.open())
  const other = (solution: string) => ({ ...world.ring('dev'), solution })
  await world.run(async tx => {
    const gated = { state: 'gated', end: { reason: 'approvals_missing', words: 'nobody approved it yet' } } as const
    await tx.promotions.add(promotionOf(world.ring('staging'), { id: 'p-own', ...gated }))
    await tx.promotions.add(promotionOf(other('web'), { id: 'p-gated', ...gated }))
    await tx.promotions.add(promotionOf(other('api'), { id: 'p-slot', state: 'authorised' }))
  })
  await world.run(tx => wakeDependent(tx, world.ring('dev')))
  const woken = (await world.due()).flatMap(work => (work.kind === 'ring' ? [work.key] : []))
  expect(woken.map(({ solution, ring }) => `${solution}/${ring}`).toSorted()).toEqual(['api/dev', 'shop/staging'])
})

it('a build that is reported again reads its version tag once', async () => {
  const world = await openSmallWorld(controls.open())
  let reads = 0
  world.github.before = async call => {
    if (call === 'versions.read') reads += 1
  }
  await world.build()
  await world.buildAgain()
  expect(reads).toBe(1)
})

it('what GitHub shows waits for the next second, so that states that follow each other are shown once', async () => {
  const world = await openSmallWorld(controls.open())
  await world.say(people.alice, '/status')
  await world.say(people.alice, '/status')
  const shown = (): Promise<boolean> =>
    world.due().then(due => due.some(work => work.kind === 'effects' && work.lane.startsWith('show ')))
  expect(await shown()).toBe(false)
  world.pass(1_500)
  expect(await shown()).toBe(true)
})
