import { z } from 'zod'
import { type EpochMs, epochMs } from '../../domain/units.ts'
import type { Database } from './database.ts'
import { queueSchema } from './job-sender.ts'

/** Work that goes on failing and is tried again and again: for a person to look at. */
export interface FailingWork {
  readonly kind: string
  /** Of the kind: a ring, a lane, a delivery. */
  readonly key: string
  readonly attempts: number
  readonly since: EpochMs
  readonly nextAt: EpochMs
  /** How the last attempt ended. */
  readonly words: string
}

const instant = z.date().transform(date => epochMs(date.getTime()))
const shape = z.object({
  kind: z.string(),
  key: z.string(),
  attempts: z.number(),
  since: instant,
  nextAt: instant,
  words: z.string(),
})

/** @param least - attempts after which it counts; five are a minute or so. The most stubborn come first, a hundred at most. */
export function failingWork(database: Database, least = 5): Promise<FailingWork[]> {
  return database.query(
    shape,
    `select name as kind, coalesce(singleton_key, '') as key, retry_count + 1 as attempts, created_on as since, start_after as "nextAt",
            coalesce(output->>'message', output->'value'->>'message', '') as words
     from ${queueSchema(database.schema)}.job
     where state = 'retry' and retry_count + 1 >= $1
     union all
     select 'delivery', guid, attempts, received_at, due_at, failure
     from inbox where outcome is null and failure is not null and attempts >= $1
     order by attempts desc, since limit 100`,
    [least],
  )
}
