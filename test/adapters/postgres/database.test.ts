import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '../../../src/adapters/postgres/open-database.ts'
import { openTestDatabase, testDatabaseUrl } from '../../support/postgres.ts'

const numbered = z.object({ number: z.number() })

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
    const shape = z.object({ word: z.string(), number: z.number() })
    expect(await database.query(shape, 'select * from pair')).toEqual([{ word: 'kept', number: 2 ** 40 }])
  })

  it('says so when a statement failed and nobody let its error through: then nothing was kept', async () => {
    const database = await openTestDatabase()
    await database.execute('create table thing (number integer)')
    const swallowed = database.transaction(async tx => {
      await tx.execute('insert into thing values (1)')
      await tx.execute('select 1 / 0').catch(() => undefined)
      return 'committed'
    })
    await expect(swallowed).rejects.toThrow(TypeError)
    expect(await database.execute('select from thing')).toBe(0)
  })

  it('refuses a row that is not what was expected, and a number that JavaScript cannot hold', async () => {
    const database = await openTestDatabase()
    await expect(database.query(numbered, `select 'one' as number`)).rejects.toThrow(z.ZodError)
    await expect(database.query(numbered, 'select 9007199254740993 as number')).rejects.toThrow(RangeError)
  })

  it('runs a transaction again that met another one', async () => {
    const database = await openTestDatabase()
    await database.execute('create table counter as select 0 as number')
    let runs = 0
    const add = (): Promise<number> =>
      database.transaction(
        async tx => {
          runs += 1
          const [row] = await tx.query(numbered, 'select number from counter')
          await sleep(10)
          return tx.execute('update counter set number = $1', [(row?.number ?? 0) + 1])
        },
        { isolation: 'serializable' },
      )
    await Promise.all([add(), add(), add()])
    expect(await database.query(numbered, 'select number from counter')).toEqual([{ number: 3 }])
    expect(runs).toBeGreaterThan(3)
  })

  it('runs a transaction again that would have waited for another one for ever', async () => {
    const database = await openTestDatabase()
    await database.execute('create table pair as select number from generate_series(1, 2) as number')
    const lock = (first: number, second: number): Promise<number> =>
      database.transaction(async tx => {
        await tx.execute('update pair set number = number where number = $1', [first])
        await sleep(20)
        return tx.execute('update pair set number = number where number = $1', [second])
      })
    expect(await Promise.all([lock(1, 2), lock(2, 1)])).toEqual([1, 1])
  })

  it('bounds how long a session may keep its locks, wait for others and think', async () => {
    const database = await openTestDatabase()
    const names = ['idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout', 'synchronous_commit']
    const shape = z.object({ value: z.string() })
    const rows = await database.query(shape, 'select current_setting(name) as value from unnest($1::text[]) as name', [
      names,
    ])
    expect(rows.map(({ value }) => value)).toEqual(['5s', '8s', '15s', 'on'])
  })

  it('frees the locks of a replica that fell silent within a transaction', async () => {
    const database = await openTestDatabase()
    await database.execute('create table thing as select 1 as number')
    const silent = database.transaction(async tx => {
      await tx.execute('set local idle_in_transaction_session_timeout = 100')
      await tx.execute('update thing set number = 2')
      await sleep(300)
      await tx.execute('update thing set number = 3')
    })
    const ended = silent.catch((error: unknown) => error)
    await sleep(50)
    expect(await database.execute('update thing set number = 4')).toBe(1)
    expect(await ended).toMatchObject({ code: 'database_unreachable', kind: 'errored' })
    expect(await database.query(numbered, 'select number from thing')).toEqual([{ number: 4 }])
  })

  it('says that it cannot be reached, and works again when it can', async () => {
    const database = await openTestDatabase()
    const cut = database.transaction(async tx => {
      const [mine] = await tx.query(numbered, 'select pg_backend_pid() as number')
      await database.execute('select pg_terminate_backend($1)', [mine?.number])
      await tx.execute('select 1')
    })
    await expect(cut).rejects.toMatchObject({ code: 'database_unreachable', kind: 'errored' })
    expect(await database.execute('select 1')).toBe(1)
  })

  it.each([
    { what: 'nobody listens', url: 'postgres://ringway@127.0.0.1:1/postgres', words: 'cannot be reached' },
    { what: 'there is no such socket', url: 'postgres://ringway@/postgres?host=/nowhere', words: 'cannot be reached' },
  ])('says what to do when $what', async ({ url, words }) => {
    await expect(openDatabase({ url })).rejects.toMatchObject({
      code: 'database_unreachable',
      kind: 'errored',
      message: expect.stringContaining(words),
      remedy: expect.stringContaining('DATABASE_URL'),
    })
  })

  it('says what to do when the database does not exist, and keeps the options of its URL', async () => {
    const url = await testDatabaseUrl()
    await expect(openDatabase({ url: url.replace(/\/postgres\?/, '/nosuch?') })).rejects.toMatchObject({
      message: expect.stringContaining('nosuch'),
      remedy: 'Correct DATABASE_URL.',
    })
    const { schema } = await openTestDatabase()
    const database = await openDatabase(
      { url: `${url}&options=-c%20work_mem%3D7MB%20-c%20search_path%3Dother` },
      { schema },
    )
    const shape = z.object({ memory: z.string(), path: z.string() })
    const sql = `select current_setting('work_mem') as memory, current_setting('search_path') as path`
    expect(await database.query(shape, sql)).toEqual([{ memory: '7MB', path: schema }])
    await database.close()
  })

  it('says so when it takes no writes', async () => {
    const database = await openTestDatabase()
    const writing = database.transaction(async tx => {
      await tx.execute('set transaction read only')
      await tx.execute('create table thing (number integer)')
    })
    await expect(writing).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('takes no writes'),
    })
  })

  it('takes no name of a schema that would need quoting', async () => {
    await expect(openDatabase({ url: await testDatabaseUrl() }, { schema: 'Ring-way' })).rejects.toThrow(RangeError)
  })
})
