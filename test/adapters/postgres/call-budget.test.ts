import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createCallBudget } from '../../../src/adapters/postgres/call-budget.ts'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import type { CallBudget, CallKind } from '../../../src/ports/call-budget.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const tenant = 7

/** Time passes for all that is kept, which to the budget is the same as a clock that moves on. */
async function pass(database: Database, seconds: number): Promise<void> {
  const columns = ['points_minute', 'content_minute', 'content_hour', 'calls_hour', 'paused_until']
  const moved = columns.map(column => `${column} = ${column} - $1 * interval '1 second'`)
  await database.execute(`update call_budget set ${moved.join(', ')}`, [seconds])
}

/** @returns how many calls are let through before the first that is not */
async function drain(budget: CallBudget, kind: CallKind): Promise<number> {
  for (let calls = 0; ; calls += 1) if ((await budget.take(tenant, kind)) > 0) return calls
}

describe('the call budget', () => {
  it('lets 80 contents through in no minute, however they are spread', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    let calls = await drain(budget, 'content')
    for (let second = 0; second < 60; second += 5) {
      await pass(database, 5)
      calls += await drain(budget, 'content')
    }
    expect(calls).toBeGreaterThan(75)
    expect(calls).toBeLessThanOrEqual(81)
  })

  it('lets 500 contents through in no hour', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    let calls = await drain(budget, 'content')
    for (let minute = 0; minute < 60; minute += 2) {
      await pass(database, 120)
      calls += await drain(budget, 'content')
    }
    expect(calls).toBeGreaterThan(480)
    expect(calls).toBeLessThanOrEqual(501)
  })

  it('counts a write as five reads', async () => {
    const database = await openTestDatabase()
    expect(await drain(createCallBudget(database), 'write')).toBeLessThan(95)
    const row = z.object({ ahead: z.number() })
    const [left] = await database.query(
      row,
      'select extract(epoch from points_minute - clock_timestamp())::float8 as ahead from call_budget',
    )
    expect(left?.ahead).toBeGreaterThan(58)
  })

  it('says how long to wait, no longer than is needed', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    await drain(budget, 'content')
    const wait = await budget.take(tenant, 'content')
    expect(wait).toBeGreaterThan(500)
    expect(wait).toBeLessThanOrEqual(2_000)
    await pass(database, wait / 1000)
    expect(await budget.take(tenant, 'content')).toBe(0)
  })

  it('takes nothing of any bucket when one is empty, and nothing from another installation', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    await drain(budget, 'content')
    const points = z.object({ at: z.date() })
    const before = await database.query(points, 'select points_minute as at from call_budget')
    await budget.take(tenant, 'content')
    expect(await database.query(points, 'select points_minute as at from call_budget')).toEqual(before)
    expect(await budget.take(tenant, 'read')).toBe(0)
    expect(await budget.take(tenant + 1, 'content')).toBe(0)
  })

  it('gives no token twice to replicas that ask at once', async () => {
    const first = await openTestDatabase()
    const budgets = [createCallBudget(first), createCallBudget(await openTestDatabase({ beside: first }))]
    const asked = budgets.flatMap(budget => Array.from({ length: 40 }, () => budget.take(tenant, 'content')))
    const through = (await Promise.all(asked)).filter(wait => wait === 0)
    expect(through.length).toBeGreaterThanOrEqual(50)
    expect(through.length).toBeLessThanOrEqual(52)
  })

  it('waits as long as GitHub says, for every kind of call', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    const pause = await budget.refused(tenant, { limit: 'secondary', retryAfterMs: 7_000 })
    expect(pause).toBeGreaterThan(6_900)
    expect(pause).toBeLessThanOrEqual(7_000)
    for (const kind of ['read', 'write', 'content'] as const)
      expect(await budget.take(tenant, kind)).toBeGreaterThan(6_500)
    await pass(database, 7)
    expect(await budget.take(tenant, 'read')).toBe(0)
  })

  it('counts nothing where the server does not, and still waits when it refuses', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database, { hasQuotas: false })
    for (let call = 0; call < 200; call += 1) expect(await budget.take(tenant, 'content')).toBe(0)
    await budget.refused(tenant, { limit: 'primary', retryAfterMs: 7_000 })
    expect(await budget.take(tenant, 'read')).toBeGreaterThan(6_000)
  })

  it('waits a minute where GitHub does not say, then twice as long each time, up to a quarter of an hour; afterwards it is forgotten', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    const pauses: number[] = []
    for (let refusal = 0; refusal < 6; refusal += 1) {
      const pause = await budget.refused(tenant, { limit: 'secondary' })
      pauses.push(Math.round(pause / 1000))
      await pass(database, pause / 1000 + 1)
    }
    expect(pauses).toEqual([60, 120, 240, 480, 900, 900])
    await pass(database, 901)
    expect(await budget.refused(tenant, { limit: 'primary' })).toBeLessThanOrEqual(60_000)
  })

  it('counts calls that were refused together as one', async () => {
    const database = await openTestDatabase()
    const budget = createCallBudget(database)
    const pauses = await Promise.all([1, 2, 3, 4].map(() => budget.refused(tenant, { limit: 'secondary' })))
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000)
    await budget.refused(tenant, { limit: 'secondary', retryAfterMs: 1_000 })
    expect(await budget.take(tenant, 'read')).toBeGreaterThan(50_000)
  })
})
