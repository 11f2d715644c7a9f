import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import { createIdempotentAnswers } from '../../../src/adapters/postgres/idempotent-answers.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const request = { sender: 'user 42', key: 'one', sha256: 'a'.repeat(64) }
const other = { ...request, sha256: 'b'.repeat(64) }
const answer = { status: 201, body: '{"done":1,"text":"\\u0000 é"}' }

function age(database: Database, by: string): Promise<number> {
  return database.execute(`update idempotent_answer set begun_at = begun_at - $1::interval`, [by])
}

describe('answers that are given again', () => {
  it('E94: of many requests at once one is the first, whatever replica it comes to', async () => {
    const database = await openTestDatabase()
    const one = createIdempotentAnswers(database)
    const two = createIdempotentAnswers(await openTestDatabase({ beside: database }))
    const standings = await Promise.all(
      Array.from({ length: 20 }, (_, number) => (number % 2 === 0 ? one : two).begin(request)),
    )
    expect(standings.filter(standing => standing.kind === 'first')).toHaveLength(1)
    expect(standings.filter(standing => standing.kind === 'underway')).toHaveLength(19)
    await one.conclude(request, answer)
    expect(await two.begin(request)).toEqual({ kind: 'answered', answer })
    expect(await two.begin(other)).toEqual({ kind: 'other' })
  })
  it('are those of one sender', async () => {
    const answers = createIdempotentAnswers(await openTestDatabase())
    await answers.begin(request)
    expect(await answers.begin({ ...request, sender: 'user 43' })).toEqual({ kind: 'first' })
  })
  it('are not of what came to nothing', async () => {
    const answers = createIdempotentAnswers(await openTestDatabase())
    await answers.begin(request)
    await answers.conclude(request, undefined)
    expect(await answers.begin(other)).toEqual({ kind: 'first' })
  })
  it('are not waited for for ever when their replica died', async () => {
    const database = await openTestDatabase()
    const answers = createIdempotentAnswers(database)
    await answers.begin(request)
    await age(database, '119 seconds')
    expect(await answers.begin(request)).toEqual({ kind: 'underway' })
    await age(database, '2 seconds')
    expect(await answers.begin(other)).toEqual({ kind: 'other' })
    expect(await answers.begin(request)).toEqual({ kind: 'first' })
    expect(await answers.begin(request)).toEqual({ kind: 'underway' })
  })
  it('are kept for a day', async () => {
    const database = await openTestDatabase()
    const answers = createIdempotentAnswers(database)
    await answers.begin(request)
    await answers.conclude(request, answer)
    await age(database, '23 hours 59 minutes')
    expect(await answers.forget()).toBe(0)
    expect(await answers.begin(request)).toEqual({ kind: 'answered', answer })
    await age(database, '2 minutes')
    expect(await answers.begin(other)).toEqual({ kind: 'first' })
    await age(database, '25 hours')
    expect(await answers.forget()).toBe(1)
  })
})
