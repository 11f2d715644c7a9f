import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLeases, fence } from '../../../src/adapters/postgres/leases.ts'
import { durationMs } from '../../../src/domain/units.ts'
import { openTestDatabase, testDatabaseUrl } from '../../support/postgres.ts'
import { startReplica } from '../../support/replica.ts'

const name = 'thing'
const short = { name, duration: durationMs(150) }
const long = { name, duration: durationMs(60_000) }

describe('a lease', () => {
  it('is held by one replica at a time, and free afterwards, also when the work failed', async () => {
    const database = await openTestDatabase()
    const [one, other] = [createLeases(database), createLeases(await openTestDatabase({ beside: database }))]
    const held = await one.hold(long, async lease => ({
      mine: lease.epoch,
      others: await other.hold(long, async () => 'too'),
    }))
    expect(held).toEqual({ result: { mine: 1, others: undefined } })
    await expect(other.hold(long, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await one.hold(long, async lease => lease.epoch)).toEqual({ result: 3 })
  })

  it('goes to one of many who want it', async () => {
    const leases = createLeases(await openTestDatabase())
    const everybodyAsked = Promise.withResolvers<void>()
    let refused = 0
    const all = Array.from({ length: 20 }, async () => {
      const held = await leases.hold(long, () => everybodyAsked.promise)
      if (held === undefined) refused += 1
      if (refused === 19) everybodyAsked.resolve()
      return held
    })
    expect((await Promise.all(all)).filter(held => held !== undefined)).toHaveLength(1)
  })

  it('is kept for as long as the work takes', async () => {
    const leases = createLeases(await openTestDatabase())
    const held = leases.hold(short, async lease => {
      await sleep(500)
      lease.check()
      return lease.epoch
    })
    await sleep(400)
    expect(await leases.hold(short, async () => 'taken')).toBeUndefined()
    expect(await held).toEqual({ result: 1 })
  })

  it('lets its holder write, and keeps others from taking it until that has ended', async () => {
    const database = await openTestDatabase()
    const leases = createLeases(database)
    const order: string[] = []
    await leases.hold(long, async lease => {
      let taken: Promise<unknown> = Promise.resolve()
      await database.transaction(async tx => {
        await fence(tx, lease)
        const take = `update lease set epoch = epoch + 1, holder = gen_random_uuid() where name = $1`
        taken = database.execute(take, [name]).then(() => order.push('taken'))
        await sleep(100)
        order.push('written')
      })
      await taken
    })
    expect(order).toEqual(['written', 'taken'])
  })

  it('that another replica took refuses what the first one writes', async () => {
    const database = await openTestDatabase()
    const leases = createLeases(database)
    await database.execute('create table written (number integer)')
    await leases.hold(long, async lease => {
      await database.execute('update lease set until = clock_timestamp()')
      expect(await leases.hold(long, async taken => taken.epoch)).toEqual({ result: 2 })
      const writing = database.transaction(async tx => {
        await fence(tx, lease)
        await tx.execute('insert into written values (1)')
      })
      await expect(writing).rejects.toMatchObject({ code: 'lease_lost', kind: 'errored', facts: { lease: name } })
    })
    expect(await database.execute('select from written')).toBe(0)
    // The first one, giving back what it had, took nothing from anybody.
    expect(await leases.hold(long, async lease => lease.epoch)).toEqual({ result: 3 })
  })

  it('of a replica that was frozen is lost to it: it finds so before it calls anybody, and the store refuses its writes', async () => {
    const database = await openTestDatabase()
    const frozen = startReplica('holdLease', await testDatabaseUrl(), database.schema)
    await frozen.line(/^holds 1$/)
    frozen.signal('SIGSTOP')
    await sleep(700)
    const taken = await createLeases(database).hold(long, async lease => {
      frozen.signal('SIGCONT')
      return [lease.epoch, await frozen.line(/^check /), await frozen.line(/^fence /)]
    })
    expect(taken).toEqual({ result: [2, 'check lease_lost', 'fence lease_lost'] })
  })
})
