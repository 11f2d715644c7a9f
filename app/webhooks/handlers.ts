import type { EmitterWebhookEventName } from '@octokit/webhooks'
import type * as z from 'zod'
import { RingwayError } from '../../src/domain/ringway-error.ts'

/** The name of an event, or of one of its actions: `deployment_review`, `issue_comment.created`. */
export type EventName = EmitterWebhookEventName

/**
 * Handles what a delivery says. It may run more than once for one delivery: after a crash, and whenever it threw something else than a
 * RingwayError of the kind `failed`, whose answer no repetition changes.
 *
 * It gets no client for GitHub: Probot's knows nothing of our call budget.
 *
 * @param guid - of the delivery
 */
export type DeliveryHandler = (payload: unknown, guid: string) => Promise<void>

/** Who handles what. What is not here is stored and ignored. */
export type DeliveryHandlers = { readonly [Name in EventName]?: DeliveryHandler }

/**
 * A handler of payloads that have a shape. Only the payload is signed, not the header that names the event, so nothing is taken on trust.
 *
 * @example
 * const handlers = { 'installation.deleted': handling(installationDeleted, async ({ installation }) => forget(installation.id)) }
 */
export function handling<Shape extends z.ZodType>(
  shape: Shape,
  handle: (payload: z.output<Shape>, guid: string) => Promise<void>,
): DeliveryHandler {
  return async (payload, guid) => {
    const read = shape.safeParse(payload)
    if (!read.success) throw otherShape(read.error)
    await handle(read.data, guid)
  }
}

function otherShape(error: z.ZodError): RingwayError {
  const places = error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`)
  return new RingwayError({
    code: 'request_invalid',
    message: `The payload is not what GitHub documents (${places.join('; ')}).`,
    remedy: 'Report it with the delivery; GitHub may have changed the event.',
  })
}
