import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openSmallControls, type SmallControls } from '../support/small-control.ts'
import { beginInUse, createSmallModel, expectAllEnds, smallSteps } from '../support/small-model.ts'
import { openSmallWorld } from '../support/small-world.ts'
import { sought } from '../support/sought.ts'

describe('whatever happens, in whatever order', () => {
  let controls: SmallControls
  beforeAll(async () => {
    controls = await openSmallControls()
  })
  afterAll(async () => {
    await controls[Symbol.asyncDispose]()
  })

  it('rings, promotions and what GitHub shows are as a simple model says, and everything ends', async () => {
    const property = fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.oneof(...smallSteps), { minLength: 15, maxLength: 40 }),
      async (isInUse, steps) => {
        const world = await openSmallWorld(controls.open())
        const model = createSmallModel()
        if (isInUse) await beginInUse(model, world)
        await fc.asyncModelRun(() => ({ model, real: world }), steps)
        await expectAllEnds(model, world)
      },
    )
    await sought(property)
  })
})
