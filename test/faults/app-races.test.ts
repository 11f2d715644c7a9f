import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Promotion } from '../../src/domain/promotion.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { openSmallControls, type SmallControls } from '../support/small-control.ts'
import { beginInUse, createSmallModel, expectAllEnds, letAllEndWell, modelOf } from '../support/small-model.ts'
import { openSmallWorld, people, pullNumber, type SmallWorld } from '../support/small-world.ts'
import { sought } from '../support/sought.ts'

let controls: SmallControls
beforeAll(async () => {
  controls = await openSmallControls()
})
afterAll(async () => {
  await controls[Symbol.asyncDispose]()
})

/** Does several things at once; every call of GitHub waits for its turn, which the seed decides. */
async function atOnce(
  world: SmallWorld,
  scheduler: fc.Scheduler,
  things: readonly (() => Promise<unknown>)[],
): Promise<void> {
  world.github.before = call => scheduler.schedule(Promise.resolve(), call)
  const begun = things.map(thing => thing().catch(unlessToldApart))
  const all = Promise.all(begun).then(() => undefined)
  await scheduler.waitFor(all)
  world.github.before = async () => undefined
}

/** That it cannot be done now is an answer; it is done again, or not. */
function unlessToldApart(error: unknown): void {
  if (!(error instanceof RingwayError)) throw error
}

async function promotionsOf(world: SmallWorld, ring: string): Promise<readonly Promotion[]> {
  const { repository } = world.key
  return await world.run(tx => tx.promotions.find({ repository, solution: 'shop', ring, limit: 100 }))
}

describe('at once, in every order', () => {
  it('C44: a push while a command is read is never what the command promotes', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async scheduler => {
      const world = await openSmallWorld(controls.open())
      await world.build()
      await letAllEndWell(createSmallModel(), world)
      await world.head()
      await world.settle()
      const seen = (await world.run(tx => tx.conversations.read(world.key.repository, pullNumber)))?.shown['shop']
      expect(seen).toBeDefined()
      const before = await promotionsOf(world, 'dev')
      world.pass(2_000)
      // The comment is there before the push; when the App comes to read it is another matter.
      const command = await world.comment(people.alice, '/promote dev', pullNumber)
      const push = async (): Promise<void> => {
        await world.head()
        await world.settle()
      }
      await atOnce(world, scheduler, [command, push])
      await world.settle()
      const made = (await promotionsOf(world, 'dev')).filter(one => !before.some(({ id }) => id === one.id))
      expect(made.length).toBeLessThanOrEqual(1)
      expect(made.map(({ candidate }) => candidate.digest).filter(digest => digest !== seen)).toEqual([])
    })
    await sought(property)
  })

  it('C46: a command that is read after a newer build was shown, in the same second even, promotes nothing', async () => {
    const world = await openSmallWorld(controls.open())
    await world.build()
    await letAllEndWell(createSmallModel(), world)
    await world.head()
    await world.settle()
    world.pass(2_000)
    const command = await world.comment(people.alice, '/promote dev', pullNumber)
    await world.head()
    await world.settle()
    const before = await promotionsOf(world, 'dev')
    await command()
    expect(await promotionsOf(world, 'dev')).toHaveLength(before.length)
    const conversation = await world.run(tx => tx.conversations.read(world.key.repository, pullNumber))
    expect(conversation?.answer).toContain('Another build is shown here than when the command was given')
    world.pass(2_000)
    await world.say(people.alice, '/promote dev', pullNumber)
    expect(await promotionsOf(world, 'dev')).toHaveLength(before.length + 1)
  })

  it('a report that would make it active, a rollback, a no and a lost run at once: one of them wins, and all of it ends', async () => {
    const property = fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isLost) => {
      const world = await openSmallWorld(controls.open())
      const model = createSmallModel()
      await world.rule({ frozen: false, approvals: 0 })
      await beginInUse(model, world)
      await world.say(people.alice, '/promote staging v2')
      await world.settle()
      const run = world.github.runs.find(one => !one.completed)
      if (run === undefined) throw new TypeError('no run carries v2')
      await world.claim(run)
      for (const event of ['packaged', 'placed', 'checked'] as const) await world.report(run, { event })
      const things = [
        () => world.report(run, { event: 'activated' }),
        await world.comment(people.alice, '/rollback staging'),
        await world.comment(people.bob, '/reject staging'),
        isLost ? () => world.end(run) : () => world.report(run, { event: 'failed', reason: 'validation_failed' }),
        () => world.settle(),
      ]
      await atOnce(world, scheduler, things)
      run.completed = false
      await expectAllEnds(await modelOf(world), world)
      const [newest] = await promotionsOf(world, 'staging')
      const pointer = (await world.run(tx => tx.rings.read(world.ring('staging'))))?.pointer
      const active = await world.run(tx => tx.deployments.read(pointer?.deployment))
      expect(active).toMatchObject({ state: 'active' })
      expect(['v1', 'v2']).toContain(`v${active?.version}`)
      expect(newest?.state).toMatch(/^(done|refused|superseded)$/)
    })
    await sought(property)
  })

  it('C48: an approval is worth nothing under rules that changed after it was given, whatever is read first', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async scheduler => {
      const world = await openSmallWorld(controls.open())
      await world.build()
      await letAllEndWell(createSmallModel(), world)
      await world.say(people.alice, '/promote staging v1')
      await world.settle()
      await world.say(people.bob, '/approve staging')
      // Two are asked for now, and the ring has not been looked at since.
      const rules = world.rule({ frozen: false, approvals: 2 })
      await atOnce(world, scheduler, [() => rules, () => world.settle(), () => world.settle()])
      await world.settle()
      const [promotion] = await promotionsOf(world, 'staging')
      expect(promotion).toMatchObject({ state: 'gated', deployment: undefined })
    })
    await sought(property)
  })
})
