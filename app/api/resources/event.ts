import * as z from 'zod'
import type { StoredEvent } from '../../../src/ports/control-store.ts'
import { instant } from './instant.ts'

/** Something that happened. */
export const event = z.object({
  seq: z.int().describe('Rises in the order in which things happened.'),
  id: z.string(),
  type: z.string().describe('Such as deployment.active.'),
  at: instant,
  solution: z.string(),
  ring: z.string(),
  data: z.record(z.string(), z.unknown()),
})

/** Writes an event. */
export function presentEvent({ seq, id, type, at, key, data }: StoredEvent): z.output<typeof event> {
  return { seq, id, type, at, solution: key.solution, ring: key.ring, data: { ...data } }
}
