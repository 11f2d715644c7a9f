import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import { performLane } from '../../src/engine/effects/perform-lane.ts'
import { type DeliveryPorts, deliverEvents } from '../../src/engine/events/deliver-events.ts'
import { advanceRing } from '../../src/engine/promotions/advance-ring.ts'
import { sendOnward } from '../../src/engine/promotions/send-onward.ts'
import { superviseDeployment } from '../../src/engine/supervision/supervise-deployment.ts'
import type { WorkQueue } from '../../src/ports/work-queue.ts'

/** How much of each kind one replica does at once. */
const atOnce = { delivery: 8, ring: 4, effects: 8, onward: 2, supervise: 2, events: 4 } as const

/** What is done about each kind of work. */
export interface WorkParts {
  readonly control: ControlPorts
  readonly dispatch: (guid: string) => Promise<void>
  readonly events: DeliveryPorts
}

/** Starts the workers of this replica. Whatever they are given may have been done before: each begins by looking. */
export async function handleWork(queue: WorkQueue, { control, dispatch, events }: WorkParts): Promise<void> {
  await queue.handle('delivery', { concurrency: atOnce.delivery }, ({ guid }) => dispatch(guid))
  await queue.handle('ring', { concurrency: atOnce.ring }, ({ key }) => advanceRing(control, key))
  await queue.handle('effects', { concurrency: atOnce.effects }, work => performLane(control, work))
  await queue.handle('onward', { concurrency: atOnce.onward }, work => sendOnward(control, work))
  await queue.handle('events', { concurrency: atOnce.events }, work => deliverEvents(events, work))
  await queue.handle('supervise', { concurrency: atOnce.supervise }, work => superviseDeployment(control, work))
}
