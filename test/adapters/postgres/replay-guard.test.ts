import { describe, expect, it } from 'vitest'
import { createReplayGuard } from '../../../src/adapters/postgres/replay-guard.ts'
import { epochMs } from '../../../src/domain/units.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const hour = 3_600_000

describe('E92: identity tokens of all replicas', () => {
  it('E92: of many uses at once one is the first', async () => {
    const database = await openTestDatabase()
    const one = createReplayGuard(database)
    const two = createReplayGuard(await openTestDatabase({ beside: database }))
    const until = epochMs(Date.now() + hour)
    const uses = await Promise.all(
      Array.from({ length: 20 }, (_, number) => (number % 2 === 0 ? one : two).use('one', until)),
    )
    expect(uses.filter(isFirst => isFirst)).toHaveLength(1)
    expect(await one.use('two', until)).toBe(true)
  })
  it('are forgotten when no clock can take them for good', async () => {
    const guard = createReplayGuard(await openTestDatabase())
    await guard.use('old', epochMs(Date.now() - 2 * hour))
    await guard.use('new', epochMs(Date.now() - hour / 2))
    expect(await guard.forget()).toBe(1)
    expect(await guard.use('new', epochMs(Date.now()))).toBe(false)
  })
})
