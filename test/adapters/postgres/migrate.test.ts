import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import type { Migration } from '../../../src/adapters/postgres/migrations/migration.ts'
import { migrations } from '../../../src/adapters/postgres/migrations/migrations.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const next = (sql: string, offset = 1): Migration => ({
  name: `${String(migrations.length + offset).padStart(3, '0')}-thing`,
  sql,
})
const place = z.object({ place: z.number() })

describe('migrations', () => {
  it('are applied once, in order, whichever of several replicas starts first', async () => {
    const first = await openTestDatabase()
    const second = await openTestDatabase({ beside: first })
    const all = [...migrations, next('create table thing (number integer)'), next('insert into thing values (1)', 2)]
    await Promise.all([migrate(first, all), migrate(second, all), migrate(first, all)])
    expect(await first.query(z.object({ number: z.number() }), 'select * from thing')).toEqual([{ number: 1 }])
    const applied = await first.query(place, 'select place from migration order by place')
    expect(applied.map(row => row.place)).toEqual(all.map((_, index) => index + 1))
  })

  it('that fail leave nothing behind', async () => {
    const database = await openTestDatabase()
    const failing = next('create table thing (number integer); select 1 / 0')
    await expect(migrate(database, [...migrations, failing])).rejects.toThrow('division by zero')
    await expect(database.execute('select from thing')).rejects.toThrow('does not exist')
    await migrate(database, [...migrations, next('create table thing (number integer)')])
    expect(await database.execute('insert into thing values (1)')).toBe(1)
  })

  it('that the database has and the program does not know are refused', async () => {
    const database = await openTestDatabase()
    const newer = next('create table thing (number integer)')
    await migrate(database, [...migrations, newer])
    await expect(migrate(database, migrations)).rejects.toMatchObject({
      code: 'database_incompatible',
      message: expect.stringContaining(newer.name),
      remedy: expect.stringContaining('later'),
    })
  })

  it('that were changed after they had been applied are refused', async () => {
    const database = await openTestDatabase()
    const changed = migrations.map((migration, index) =>
      index === 0 ? { ...migration, sql: `${migration.sql} ` } : migration,
    )
    await expect(migrate(database, changed)).rejects.toMatchObject({
      code: 'database_incompatible',
      facts: { migration: migrations[0]?.name },
    })
  })

  it('whose numbers do not follow each other are a mistake', async () => {
    const database = await openTestDatabase()
    await expect(migrate(database, [...migrations, next('', 2)])).rejects.toThrow(RangeError)
  })

  it.each(migrations)('$name has no syntax that PostgreSQL 15 does not know', ({ sql }) => {
    // What later versions added and is easily written: 16 any_value, 17 merge … returning and json_table, 18 virtual columns, uuidv7, old and new in returning.
    expect(sql).not.toMatch(/\b(?:any_value|json_table|uuidv7|returning (?:old|new)\.|virtual)\b/i)
  })
})
