import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openTestDatabase } from '../../support/postgres.ts'

describe('the database', () => {
  it('keeps what a transaction wrote, and nothing of one that failed', async () => {
    const database = await openTestDatabase()
    await database.execute('create table pair (word text primary key, number bigint)')
    await database.transaction(tx => tx.execute('insert into pair values ($1, $2)', ['kept', 2 ** 40]))
    const failed = database.transaction(async tx => {
      await tx.execute('insert into pair values ($1, $2)', ['lost', 1])
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    const rows = await database.query(z.object({ word: z.string(), number: z.number() }), 'select * from pair')
    expect(rows).toEqual([{ word: 'kept', number: 2 ** 40 }])
  })
})
