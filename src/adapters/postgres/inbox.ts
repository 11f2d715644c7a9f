import { z } from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import { epochMs } from '../../domain/units.ts'
import type { Inbox, NewDelivery, StoredDelivery } from '../../ports/inbox.ts'
import type { Work } from '../../ports/work-queue.ts'
import type { Database, Transaction } from './database.ts'
import { createGroups } from './groups.ts'

/** What the inbox needs: a store, and a queue that commits with it. */
export interface InboxParts {
  readonly database: Database
  readonly queue: { insertAll(tx: Transaction, works: readonly Work[]): Promise<void> }
}

type Answer = 'stored' | 'known' | 'conflict'

/** Deliveries that are written in one transaction at most: as many as keep it short. */
const most = { items: 500, bytes: 8 * 1024 * 1024 }

/** Deliveries that arrive while a commit is under way are written together by the next one; each is answered after its commit. */
export function createInbox({ database, queue }: InboxParts): Inbox {
  const groups = createGroups<NewDelivery, Answer>({
    most,
    sizeOf: delivery => delivery.body.byteLength,
    // An unreachable database is nobody's fault; what PostgreSQL refuses, such as a zero byte in a text, is one delivery's.
    mayBeOnesFault: error => !(error instanceof RingwayError),
    write: deliveries => database.transaction(tx => store(tx, queue, deliveries)),
  })
  return {
    accept: delivery => groups.add(delivery),
    read: guid => read(database, guid),
    conclude: async (guid, outcome, words) => {
      await database.execute(
        `update inbox set outcome = $2, outcome_words = $3, concluded_at = clock_timestamp() where guid = $1 and outcome is null`,
        [guid, outcome, words],
      )
    },
  }
}

async function store(
  tx: Transaction,
  queue: InboxParts['queue'],
  deliveries: readonly NewDelivery[],
): Promise<Answer[]> {
  const firsts = [...Map.groupBy(deliveries, ({ guid }) => guid).values()].flatMap(([first]) => first ?? [])
  const stored = await insert(tx, firsts)
  await queue.insertAll(
    tx,
    [...stored].map(guid => ({ kind: 'delivery', guid })),
  )
  if (stored.size === deliveries.length) return deliveries.map(() => 'stored')

  const kept = await keptBodies(
    tx,
    deliveries.map(({ guid }) => guid),
  )
  const answers = deliveries.map(({ guid, bodySha256 }): Answer => {
    if (kept.get(guid) !== bodySha256) return 'conflict'
    // Of several in this group that are the same, one was stored.
    return stored.delete(guid) ? 'stored' : 'known'
  })
  const conflicting = deliveries.filter((_, index) => answers[index] === 'conflict').map(({ guid }) => guid)
  if (conflicting.length > 0) await recordConflicts(tx, conflicting)
  return answers
}

/**
 * All bodies travel as one parameter, cut apart by their lengths: an array of them would be sent as text, twice as long.
 *
 * @returns the guids of those that were not there
 */
async function insert(tx: Transaction, deliveries: readonly NewDelivery[]): Promise<Set<string>> {
  const lengths = deliveries.map(({ body }) => body.byteLength)
  let end = 0
  const ends = lengths.map(length => (end += length))
  const rows = await tx.query(
    z.object({ guid: z.string() }),
    `insert into inbox (guid, hook_id, event, action, tenant, repository, body_sha256, body)
     select guid, hook_id, event, action, tenant, repository, body_sha256, substring($9::bytea from until - length + 1 for length)
     from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::int[], $10::int[])
       with ordinality as given (guid, hook_id, event, action, tenant, repository, body_sha256, length, until, place)
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
      lengths,
      Buffer.concat(deliveries.map(({ body }) => body)),
      ends,
    ],
  )
  return new Set(rows.map(({ guid }) => guid))
}

async function keptBodies(tx: Transaction, guids: readonly string[]): Promise<Map<string, string>> {
  const shape = z.object({ guid: z.string(), sha: z.string() })
  const rows = await tx.query(shape, 'select guid, body_sha256 as sha from inbox where guid = any($1)', [guids])
  return new Map(rows.map(({ guid, sha }) => [guid, sha]))
}

async function recordConflicts(tx: Transaction, guids: readonly string[]): Promise<void> {
  // In one order, so that two groups with the same ones do not wait for each other.
  const sql = `
    with conflicting as (
      select guid, count(*) as times from unnest($1::text[]) as given (guid) group by guid
    ), locked as (
      select seq, times from inbox join conflicting using (guid) order by seq for update of inbox
    )
    update inbox set conflicts = conflicts + times, conflicted_at = clock_timestamp() from locked where inbox.seq = locked.seq`
  await tx.execute(sql, [guids])
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
  body: z.instanceof(Uint8Array),
})

async function read(database: Database, guid: string): Promise<StoredDelivery | undefined> {
  const [found] = await database.query(
    row,
    `select seq, guid, hook_id, event, action, tenant, repository, received_at, body_sha256, body from inbox where guid = $1`,
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
    body: found.body,
  }
}
