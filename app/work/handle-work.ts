import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import { performLane } from '../../src/engine/effects/perform-lane.ts'
import { type DeliveryPorts, deliverEvents } from '../../src/engine/events/deliver-events.ts'
import { advanceRing } from '../../src/engine/promotions/advance-ring.ts'
import { sendOnward } from '../../src/engine/promotions/send-onward.ts'
import { superviseDeployment } from '../../src/engine/supervision/supervise-deployment.ts'
import type { WorkOf, WorkQueue } from '../../src/ports/work-queue.ts'
import { whileInstalled } from './while-installed.ts'

/** How much of each kind one replica does at once. */
const atOnce = { ring: 4, effects: 8, onward: 2, supervise: 2, events: 4 } as const

/** What is done about each kind of work. */
export interface WorkParts {
  readonly control: ControlPorts
  readonly events: DeliveryPorts
  /** Tells whoever runs the App. */
  readonly tell: (line: string) => void
}

/** Starts the workers of this replica. Whatever they are given may have been done before: each begins by looking. */
export async function handleWork(queue: Pick<WorkQueue, 'handle'>, parts: WorkParts): Promise<void> {
  const { control, events, tell } = parts
  const handle = async <K extends keyof typeof atOnce>(
    kind: K,
    handler: (work: WorkOf<K>) => Promise<void>,
  ): Promise<void> => queue.handle(kind, { concurrency: atOnce[kind] }, telling(whileInstalled(handler, tell), tell))
  await handle('ring', ({ key }) => advanceRing(control, key))
  await handle('effects', work => performLane(control, work))
  await handle('onward', work => sendOnward(control, work))
  await handle('events', work => deliverEvents(events, work))
  await handle('supervise', work => superviseDeployment(control, work))
}

/** The queue keeps why work failed, and nobody looks there while it goes on by itself. */
function telling<W>(handler: (work: W) => Promise<void>, tell: (line: string) => void): typeof handler {
  return async work => {
    try {
      await handler(work)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      tell(`${JSON.stringify(work)} is tried again: ${words}`)
      throw error
    }
  }
}
