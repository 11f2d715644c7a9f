import { z } from 'zod'
import { ringKeyText } from '../../domain/ring-key.ts'
import type { Work, WorkKind, WorkOf } from '../../ports/work-queue.ts'

const id = z.number().int()
const ringKey = z.object({ tenant: id, repository: id, solution: z.string(), ring: z.string() })

/** How each kind of work is kept in the queue. */
export const workShapes: { readonly [K in WorkKind]: z.ZodType<WorkOf<K>> } = {
  ring: z.object({ kind: z.literal('ring'), key: ringKey }),
  onward: z.object({ kind: z.literal('onward'), tenant: id, deployment: id }),
  supervise: z.object({ kind: z.literal('supervise'), tenant: id, deployment: id }),
  effects: z.object({ kind: z.literal('effects'), tenant: id, lane: z.string() }),
  events: z.object({ kind: z.literal('events'), tenant: id, subscriber: id }),
  sweep: z.object({ kind: z.literal('sweep'), sweep: z.enum(['deliveries', 'reconcile', 'readiness', 'retention']) }),
  repository: z.object({
    kind: z.literal('repository'),
    sweep: z.enum(['reconcile', 'readiness']),
    tenant: id,
    repository: id,
  }),
}

/** Equal for the same work. */
export function workKey(work: Work): string {
  switch (work.kind) {
    case 'ring':
      return ringKeyText(work.key)
    case 'onward':
    case 'supervise':
      return `${work.tenant}/${work.deployment}`
    case 'effects':
      return `${work.tenant}/${work.lane}`
    case 'events':
      return `${work.tenant}/${work.subscriber}`
    case 'sweep':
      return work.sweep
    case 'repository':
      return `${work.sweep} ${work.tenant}/${work.repository}`
  }
}
