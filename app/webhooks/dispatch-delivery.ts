import type { Probot } from 'probot'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { Inbox, StoredDelivery } from '../../src/ports/inbox.ts'
import type { DeliveryHandlers } from './handlers.ts'
import { handledEvents } from './open-probot.ts'

/** What handling stored deliveries needs. */
export interface DispatchParts {
  readonly inbox: Pick<Inbox, 'read' | 'conclude'>
  readonly probot: Pick<Probot, 'receive'>
  readonly handlers: DeliveryHandlers
}

/**
 * Handles a stored delivery, by its GUID. Rejects when it is worth trying again, which its worker then does.
 */
export function createDispatch({ inbox, probot, handlers }: DispatchParts): (guid: string) => Promise<void> {
  const handled = new Set<string>(handledEvents(handlers))
  return async guid => {
    const delivery = await inbox.read(guid)
    // Old deliveries are removed, and the work of one may come late.
    if (delivery === undefined) return
    const { event, action } = delivery
    const name = action === undefined ? event : `${event}.${action}`
    if (!handled.has(event) && !handled.has(name)) {
      await inbox.conclude(guid, 'ignored', `Nothing is done about ${name}.`)
      return
    }
    const refusal = await receive(probot, delivery)
    if (refusal === undefined) await inbox.conclude(guid, 'handled', `${name} was handled.`)
    else await inbox.conclude(guid, 'failed', `${refusal.message} ${refusal.remedy}`)
  }
}

/** @returns why it is refused for good; undefined when it was done. Rejects with what may go away. */
async function receive(probot: Pick<Probot, 'receive'>, delivery: StoredDelivery): Promise<RingwayError | undefined> {
  try {
    await probot.receive(eventOf(delivery))
    return undefined
  } catch (error) {
    // Probot collects what the handlers of one event threw.
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    const passing = errors.find(each => !isFinal(each))
    if (passing !== undefined) throw passing
    return errors.find(isFinal)
  }
}

function isFinal(error: unknown): error is RingwayError {
  // Without the App nothing can be done for a tenant, however often it is tried.
  return error instanceof RingwayError && (error.kind === 'failed' || error.code === 'app_not_installed')
}

/** The name and the payload belong together: GitHub signed the one and sent the other beside it. */
function eventOf({ guid, event, body }: StoredDelivery): Parameters<Probot['receive']>[0] {
  const payload: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
  return { id: guid, name: event, payload } as Parameters<Probot['receive']>[0]
}
