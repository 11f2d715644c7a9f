import { durationMs } from '../../domain/units.ts'
import type { Retention, RetentionTimes } from '../../ports/retention.ts'

const day = 24 * 3_600_000

/**
 * What is kept for how long. The audit log, promotions, deployments, approvals and artifacts are kept for ever; used identity tokens until an
 * hour after they expired; answers to repeated requests for a day.
 */
export const retentionTimes: RetentionTimes = {
  deliveries: durationMs(30 * day),
  effects: durationMs(30 * day),
  // Longer than GitHub keeps a delivery, and than the App looks back for a comment: a command that comes again must be known again.
  commands: durationMs(8 * day),
  events: durationMs(400 * day),
  notices: durationMs(400 * day),
}

/** What removing what is old asks of the outside. */
export interface RetentionPorts {
  readonly retention: Retention
  /** Tells whoever runs the App. */
  readonly tell: (line: string) => void
}

/** Removes what is older than it is kept. */
export async function sweepRetention({ retention, tell }: RetentionPorts): Promise<void> {
  const removed = Object.entries(await retention.remove(retentionTimes)).filter(([, count]) => count > 0)
  if (removed.length > 0) tell(`removed what is old: ${removed.map(([what, count]) => `${count} ${what}`).join(', ')}`)
}
