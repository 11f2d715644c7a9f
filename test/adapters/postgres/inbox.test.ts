import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import { createInbox } from '../../../src/adapters/postgres/inbox.ts'
import type { Inbox, NewDelivery } from '../../../src/ports/inbox.ts'
import { openTestDatabase } from '../../support/postgres.ts'

function delivery(text: string, given: Partial<NewDelivery> = {}): NewDelivery {
  const body = Buffer.from(text)
  return {
    guid: randomUUID(),
    hookId: 3,
    event: 'push',
    action: undefined,
    tenant: 7,
    repository: 42,
    body,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    ...given,
  }
}

async function openInbox(): Promise<{
  readonly inbox: Inbox
  readonly database: Database
}> {
  const database = await openTestDatabase()
  return { inbox: createInbox({ database, onStored: () => {} }), database }
}

async function open(database: Database): Promise<string[]> {
  const rows = await database.query(z.object({ guid: z.string() }), 'select guid from inbox where outcome is null')
  return rows.map(({ guid }) => guid).sort()
}

describe('the inbox', () => {
  it('keeps each of 500 deliveries that come at once, once, with its own body', async () => {
    const { inbox, database } = await openInbox()
    const different = Array.from({ length: 400 }, (_, index) => delivery(`body ${index} ${'é'.repeat(index)}`))
    const all = different.flatMap((one, index) => (index % 4 === 0 ? [one, { ...one }] : [one]))
    const answers = await Promise.all(all.map(one => inbox.accept(one)))
    expect(answers.filter(answer => answer === 'stored')).toHaveLength(400)
    expect(answers.filter(answer => answer === 'known')).toHaveLength(100)
    expect(await open(database)).toEqual(different.map(({ guid }) => guid).sort())
    const kept = await Promise.all(different.map(({ guid }) => inbox.read(guid)))
    expect(kept).toEqual(different.map(one => expect.objectContaining({ ...one, body: Buffer.from(one.body) })))
    const order = kept.map(one => one?.seq ?? 0)
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('answers only when the delivery is on disk: what another replica reads then is there', async () => {
    const { inbox, database } = await openInbox()
    const other = createInbox({
      database: await openTestDatabase({ beside: database }),
      onStored: () => {},
    })
    const one = delivery('{}', { action: 'opened', tenant: undefined, repository: undefined })
    expect(await inbox.accept(one)).toBe('stored')
    expect(await other.read(one.guid)).toMatchObject({
      guid: one.guid,
      action: 'opened',
      tenant: undefined,
      repository: undefined,
    })
    expect(await other.accept(one)).toBe('known')
    expect(await other.read(randomUUID())).toBeUndefined()
  })

  it('refuses another body under a known guid, and remembers that it came', async () => {
    const { inbox, database } = await openInbox()
    const one = delivery('what GitHub said')
    const forged = delivery('what somebody else said', { guid: one.guid })
    expect(
      await Promise.all([inbox.accept(one), inbox.accept(forged), inbox.accept(one), inbox.accept(forged)]),
    ).toEqual(['stored', 'conflict', 'known', 'conflict'])
    expect((await inbox.read(one.guid))?.bodySha256).toBe(one.bodySha256)
    expect(await open(database)).toEqual([one.guid])
    const shape = z.object({ conflicts: z.number(), at: z.date() })
    const rows = await database.query(shape, 'select conflicts, conflicted_at as at from inbox where conflicts > 0')
    expect(rows).toMatchObject([{ conflicts: 2 }])
  })

  it('stores the others when one of a group cannot be stored', async () => {
    const { inbox } = await openInbox()
    const all = ['a', 'b', 'c', 'd'].map((text, index) =>
      delivery(text, index === 2 ? { action: 'zero \u0000 byte' } : {}),
    )
    const answers = await Promise.allSettled(all.map(one => inbox.accept(one)))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('keeps large bodies small', async () => {
    const { inbox, database } = await openInbox()
    const one = delivery(
      JSON.stringify(Array.from({ length: 5_000 }, (_, id) => ({ id, url: `https://api.github.com/${id}` }))),
    )
    await inbox.accept(one)
    expect(Buffer.from((await inbox.read(one.guid))?.body ?? [])).toEqual(one.body)
    const rows = await database.query(z.object({ bytes: z.number() }), 'select length(bodies) as bytes from pack')
    expect(rows[0]?.bytes).toBeLessThan(one.body.byteLength / 3)
  })

  it('keeps the first of outcomes that come at once, and one for each of many', async () => {
    const { inbox, database } = await openInbox()
    const all = Array.from({ length: 30 }, () => delivery('{}'))
    await Promise.all(all.map(one => inbox.accept(one)))
    await Promise.all(
      all.flatMap(({ guid }, index) => [
        inbox.conclude(guid, index % 2 === 0 ? 'handled' : 'ignored', `words ${index}`),
        inbox.conclude(guid, 'failed', 'late'),
      ]),
    )
    const shape = z.object({ guid: z.string(), outcome: z.string(), words: z.string() })
    const rows = await database.query(shape, 'select guid, outcome, outcome_words as words from inbox order by seq')
    expect(rows).toEqual(
      all.map(({ guid }, index) => ({
        guid,
        outcome: index % 2 === 0 ? 'handled' : 'ignored',
        words: `words ${index}`,
      })),
    )
  })

  it('keeps the first outcome of a delivery', async () => {
    const { inbox, database } = await openInbox()
    const one = delivery('{}')
    await inbox.accept(one)
    await inbox.conclude(one.guid, 'handled', 'promoted')
    await inbox.conclude(one.guid, 'failed', 'again')
    const shape = z.object({ outcome: z.string(), words: z.string() })
    expect(await database.query(shape, 'select outcome, outcome_words as words from inbox')).toEqual([
      { outcome: 'handled', words: 'promoted' },
    ])
  })
})
