import { durationMs, epochMs } from '../../domain/units.ts'
import type { ControlStore, ControlTransaction, StoredEvent, Subscriber } from '../../ports/control-store.ts'
import type { EventMessage, EventSender, SendOutcome } from '../../ports/event-sender.ts'
import type { Lease, Leases } from '../../ports/leases.ts'

/** What delivering events asks of the outside. */
export interface DeliveryPorts {
  readonly store: ControlStore
  readonly leases: Leases
  readonly sender: EventSender
  /** Gets a line when a subscriber is told nothing any more. */
  readonly report: (line: string) => void
}

/** Longer than an attempt may take: a frozen replica must not send beside its successor. */
const lease = durationMs(60_000)

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** How long to wait after each failed attempt. Milliseconds. Source: https://www.standardwebhooks.com, "Deliverability and reliability" */
export const retrySchedule: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/**
 * Tells a subscriber everything that it has not been told yet, in order, at least once. One that does not answer is tried again, later and
 * later; in the end, or when it says that it is gone, it is told nothing any more.
 */
export async function deliverEvents(
  ports: DeliveryPorts,
  to: { readonly tenant: number; readonly subscriber: number },
): Promise<void> {
  const { tenant, subscriber } = to
  const name = `events ${tenant}/${subscriber}`
  const held = await ports.leases.hold({ name, duration: lease }, async held => {
    while (await deliverNext(ports, { tenant, id: subscriber, held }));
  })
  if (held !== undefined) return
  // Whoever holds it may have looked before the newest event was there.
  await ports.store.transaction({ tenant }, tx =>
    tx.queue.send({ kind: 'events', tenant, subscriber }, epochMs(tx.now + second)),
  )
}

interface Delivery {
  readonly tenant: number
  readonly id: number
  readonly held: Lease
}

/** @returns whether there may be more to tell now */
async function deliverNext(ports: DeliveryPorts, delivery: Delivery): Promise<boolean> {
  const { tenant, id, held } = delivery
  const scope = { tenant, lease: held }
  const due = await ports.store.transaction(scope, tx => nextDue(tx, id))
  if (due === undefined) return false
  const { event, subscriber } = due
  if (subscriber.types.length > 0 && !subscriber.types.includes(event.type)) {
    await ports.store.transaction(scope, tx => tx.subscribers.progress(id, { kind: 'delivered', seq: event.seq }))
    return true
  }
  held.check()
  const outcome = await ports.sender.send(messageOf(due))
  const ended = await ports.store.transaction(scope, tx => takeOutcome(tx, due, outcome))
  if (ended !== undefined) ports.report(`subscriber ${id} of tenant ${tenant} is told nothing any more: ${ended}`)
  return outcome.kind === 'delivered'
}

interface Due {
  readonly event: StoredEvent
  readonly subscriber: Subscriber & { readonly secret: string }
}

/** The ring that it is about, what it says of itself, and `sequence`, which rises in the order in which things happened. */
function messageOf({ event, subscriber: { url, secret } }: Due): EventMessage {
  const { id, type, at, seq, key, data } = event
  const { repository, solution, ring } = key
  return { url, secret, id, type, at, data: { ...data, repository, solution, ring, sequence: seq } }
}

async function nextDue(tx: ControlTransaction, id: number): Promise<Due | undefined> {
  const subscriber = await tx.subscribers.read(id)
  if (subscriber === undefined || subscriber.disabled !== undefined) return undefined
  // The attempt after a pause was queued when the one before it failed; a new event is no reason to hurry.
  if (subscriber.retryAt !== undefined && subscriber.retryAt > tx.now) return undefined
  const [event] = await tx.events.list({ repository: subscriber.repository, after: subscriber.deliveredSeq, limit: 1 })
  return event && { event, subscriber }
}

/** @returns why it is told nothing any more, when that is so */
async function takeOutcome(
  tx: ControlTransaction,
  { event, subscriber }: Due,
  outcome: SendOutcome,
): Promise<string | undefined> {
  const { id } = subscriber
  if (outcome.kind === 'delivered') {
    await tx.subscribers.progress(id, { kind: 'delivered', seq: event.seq })
    return undefined
  }
  const pause = retrySchedule[subscriber.failures]
  if (outcome.kind === 'gone' || pause === undefined) return await disable(tx, { event, subscriber }, outcome.words)
  const retryAt = epochMs(tx.now + Math.max(pause, outcome.retryAfter ?? 0))
  await tx.subscribers.progress(id, { kind: 'failed', retryAt })
  await tx.queue.send({ kind: 'events', tenant: event.key.tenant, subscriber: id }, retryAt)
  return undefined
}

async function disable(tx: ControlTransaction, { event, subscriber }: Due, why: string): Promise<string> {
  const { id, failures } = subscriber
  const words = failures === 0 ? why : `${why}; ${failures + 1} attempts failed one after the other`
  await tx.subscribers.disable(id, words)
  // It belongs to no ring: it is told with the ring of the event that could not be delivered.
  const data = { subscriber: id, host: new URL(subscriber.url).host, words }
  await tx.events.append({ type: 'alert.subscriber_disabled', key: event.key, data })
  return words
}
