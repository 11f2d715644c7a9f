import { durationMs, type EpochMs, epochMs } from '../../domain/units.ts'
import type { HookDeliveries, HookDelivery } from '../../ports/hook-deliveries.ts'
import type { MissedDeliveries, MissedDelivery } from '../../ports/missed-deliveries.ts'
import type { SweepAgenda } from '../../ports/sweep-agenda.ts'

/** What looking for lost deliveries asks of the outside. */
export interface DeliverySweepPorts {
  readonly deliveries: HookDeliveries
  readonly missed: MissedDeliveries
  readonly agenda: SweepAgenda
  /** Tells whoever runs the App. */
  readonly tell: (line: string) => void
}

/** How long GitHub keeps deliveries. Source: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const kept = durationMs(72 * 3_600_000)
/** GitHub lists a delivery some time after it was made, and its clock is not ours. */
const overlap = durationMs(10 * 60_000)
/** GitHub takes some 180 writes a minute of one App. */
const mostAtOnce = 100
/** Listed ones that are compared with the inbox in one statement. */
const group = 500

/** Under this name stands how far deliveries were looked through; without it, all that GitHub keeps are. */
export const deliveriesMark = 'deliveries'

/**
 * Has every delivery made again that GitHub lists and that is not in the inbox, under its own GUID: whatever became of it, it then takes the
 * way that all take. GitHub itself never tries again.
 */
export async function sweepDeliveries(ports: DeliverySweepPorts): Promise<void> {
  const { deliveries, missed, agenda, tell } = ports
  const now = await agenda.now()
  const mark = await agenda.read(deliveriesMark)
  const since = epochMs(Math.max(now - kept, (mark ?? 0) - overlap, 0))
  const newest = await noteMissed(ports, since)
  if (newest !== undefined) await agenda.write(deliveriesMark, newest)
  let asked = 0
  for (const delivery of await missed.due(mostAtOnce)) {
    if (delivery.acknowledged && delivery.attempts === 0) tell(lostByUs(delivery))
    const answer = await deliveries.redeliver(delivery.delivery)
    if (answer === 'accepted') await missed.asked(delivery.guid)
    else await missed.giveUp(delivery.guid)
    if (answer === 'accepted') asked += 1
    else tell(`${nameOf(delivery)} never arrived, and GitHub no longer has it`)
  }
  if (asked > 0) tell(`${asked} deliveries that did not arrive were asked for again`)
}

/** @returns when the newest was made */
async function noteMissed({ deliveries, missed }: DeliverySweepPorts, since: EpochMs): Promise<EpochMs | undefined> {
  let newest: EpochMs | undefined
  let listed: HookDelivery[] = []
  for await (const delivery of deliveries.since(since)) {
    newest ??= delivery.deliveredAt
    listed.push(delivery)
    if (listed.length < group) continue
    await missed.note(listed)
    listed = []
  }
  if (listed.length > 0) await missed.note(listed)
  return newest
}

function lostByUs(delivery: MissedDelivery): string {
  return `GitHub says that ${nameOf(delivery)} was answered, and it is not in the database: was the database restored from a backup?`
}

function nameOf({ event, guid }: MissedDelivery): string {
  return `the delivery ${guid} (${event})`
}
