import * as z from 'zod'
import type { RingLock } from '../../../src/domain/ring-lock.ts'
import { instant } from './instant.ts'
import { person } from './person.ts'

/** Somebody keeps promotions out. */
export const lock = z.object({
  scope: z.enum(['ring', 'repository']),
  by: person,
  reason: z.string().nullable(),
  since: instant,
  until: instant.nullable().describe('Null: until somebody unlocks it.'),
  pull_request: z.int().nullable().describe('Whose merge or close ends it, where the ring file says so.'),
})

/** Writes a lock. */
export function presentLock({ ring, by, reason, since, until, pullRequest }: RingLock): z.output<typeof lock> {
  return {
    scope: ring === undefined ? 'repository' : 'ring',
    by,
    reason: reason ?? null,
    since,
    until: until ?? null,
    pull_request: pullRequest ?? null,
  }
}
