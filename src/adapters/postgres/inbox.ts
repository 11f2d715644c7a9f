import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import { epochMs } from '../../domain/units.ts'
import type { DeliveryOutcome, Inbox, NewDelivery, StoredDelivery } from '../../ports/inbox.ts'
import type { Database, Queries } from './database.ts'
import { createGroups } from './groups.ts'

/** What the inbox needs. */
export interface InboxParts {
  readonly database: Database
  /** Is called whenever deliveries were stored. */
  readonly onStored: () => void
}

type Answer = 'stored' | 'known' | 'conflict'

interface Conclusion {
  readonly guid: string
  readonly outcome: DeliveryOutcome
  readonly words: string
}

/** What is written in one statement at most: as much as keeps it, and the reading of a body out of its pack, short. */
const most = { items: 500, bytes: 1024 * 1024 }

/** An unreachable database is nobody's fault; what PostgreSQL refuses, such as a zero byte in a text, is one delivery's. */
const mayBeOnesFault = (error: unknown): boolean => !(error instanceof RingwayError)

/** Deliveries that arrive while a commit is under way are written together by the next one; each is answered after its commit. */
export function createInbox({ database, onStored }: InboxParts): Inbox {
  const arrivals = createGroups<NewDelivery, Answer>({
    most,
    sizeOf: delivery => delivery.body.byteLength,
    mayBeOnesFault,
    write: async deliveries => {
      const answers = await store(database, deliveries)
      onStored()
      return answers
    },
  })
  const conclusions = createGroups<Conclusion, void>({
    most,
    sizeOf: () => 0,
    mayBeOnesFault,
    write: async group => {
      await conclude(database, group)
      return group.map(() => undefined)
    },
  })
  return {
    accept: delivery => arrivals.add(delivery),
    read: guid => read(database, guid),
    conclude: (guid, outcome, words) => conclusions.add({ guid, outcome, words }),
  }
}

/** One statement, and so one transaction, where nothing came that was there. */
async function store(database: Database, deliveries: readonly NewDelivery[]): Promise<Answer[]> {
  const stored = await insert(database, firstOfEach(deliveries))
  if (stored.size === deliveries.length) return deliveries.map(() => 'stored')

  const kept = await keptBodies(
    database,
    deliveries.map(({ guid }) => guid),
  )
  const answers = deliveries.map(({ guid, bodySha256 }): Answer => {
    if (kept.get(guid) !== bodySha256) return 'conflict'
    // Of several in this group that are the same, one was stored.
    return stored.delete(guid) ? 'stored' : 'known'
  })
  const conflicting = deliveries.filter((_, index) => answers[index] === 'conflict').map(({ guid }) => guid)
  if (conflicting.length > 0) await recordConflicts(database, conflicting)
  return answers
}

function firstOfEach<T extends { readonly guid: string }>(items: readonly T[]): T[] {
  return [...Map.groupBy(items, ({ guid }) => guid).values()].flatMap(([first]) => first ?? [])
}

async function conclude(queries: Queries, group: readonly Conclusion[]): Promise<void> {
  const firsts = firstOfEach(group)
  const sql = `
    update inbox set outcome = given.outcome, outcome_words = given.words, concluded_at = clock_timestamp()
    from unnest($1::text[], $2::text[], $3::text[]) as given (guid, outcome, words)
    where inbox.guid = given.guid and inbox.outcome is null`
  await queries.execute(sql, [
    firsts.map(({ guid }) => guid),
    firsts.map(({ outcome }) => outcome),
    firsts.map(({ words }) => words),
  ])
}

/** @returns the guids of those that were not there */
async function insert(queries: Queries, deliveries: readonly NewDelivery[]): Promise<Set<string>> {
  const lengths = deliveries.map(({ body }) => body.byteLength)
  let end = 0
  const starts = lengths.map(length => (end += length) - length)
  const rows = await queries.query(
    z.object({ guid: z.string() }),
    `with packed as (insert into pack (bodies) values ($8) returning id)
     insert into inbox (guid, hook_id, event, action, tenant, repository, body_sha256, pack, body_start, body_length)
     select guid, hook_id, event, action, tenant, repository, body_sha256, packed.id, start, length
     from packed, unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $9::int[], $10::int[])
       with ordinality as given (guid, hook_id, event, action, tenant, repository, body_sha256, start, length, place)
     order by place
     on conflict (guid) do nothing
     returning guid`,
    [
      deliveries.map(({ guid }) => guid),
      deliveries.map(({ hookId }) => hookId),
      deliveries.map(({ event }) => event),
      deliveries.map(({ action }) => action),
      deliveries.map(({ tenant }) => tenant),
      deliveries.map(({ repository }) => repository),
      deliveries.map(({ bodySha256 }) => bodySha256),
      zstdCompressSync(Buffer.concat(deliveries.map(({ body }) => body)), quickly),
      starts,
      lengths,
    ],
  )
  return new Set(rows.map(({ guid }) => guid))
}

/** A thirtieth of the bytes, in a quarter of the time of their hashes. */
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

async function keptBodies(queries: Queries, guids: readonly string[]): Promise<Map<string, string>> {
  const shape = z.object({ guid: z.string(), sha: z.string() })
  const rows = await queries.query(shape, 'select guid, body_sha256 as sha from inbox where guid = any($1)', [guids])
  return new Map(rows.map(({ guid, sha }) => [guid, sha]))
}

async function recordConflicts(queries: Queries, guids: readonly string[]): Promise<void> {
  // In one order, so that two groups with the same ones do not wait for each other.
  const sql = `
    with conflicting as (
      select guid, count(*) as times from unnest($1::text[]) as given (guid) group by guid
    ), locked as (
      select seq, times from inbox join conflicting using (guid) order by seq for update of inbox
    )
    update inbox set conflicts = conflicts + times, conflicted_at = clock_timestamp() from locked where inbox.seq = locked.seq`
  await queries.execute(sql, [guids])
}

const row = z.object({
  seq: z.number(),
  guid: z.string(),
  hook_id: z.number(),
  event: z.string(),
  action: z.string().nullable(),
  tenant: z.number().nullable(),
  repository: z.number().nullable(),
  received_at: z.date(),
  body_sha256: z.string(),
  bodies: z.instanceof(Uint8Array),
  body_start: z.number(),
  body_length: z.number(),
})

async function read(database: Database, guid: string): Promise<StoredDelivery | undefined> {
  const [found] = await database.query(
    row,
    `select seq, guid, hook_id, event, action, tenant, repository, received_at, body_sha256, bodies, body_start, body_length
     from inbox join pack on pack.id = inbox.pack where guid = $1`,
    [guid],
  )
  if (found === undefined) return undefined
  return {
    seq: found.seq,
    guid: found.guid,
    hookId: found.hook_id,
    event: found.event,
    action: found.action ?? undefined,
    tenant: found.tenant ?? undefined,
    repository: found.repository ?? undefined,
    receivedAt: epochMs(found.received_at.getTime()),
    bodySha256: found.body_sha256,
    body: zstdDecompressSync(found.bodies).subarray(found.body_start, found.body_start + found.body_length),
  }
}
