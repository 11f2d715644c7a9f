import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../src/ports/clock.ts'
import type { Inbox, NewDelivery } from '../../src/ports/inbox.ts'
import type { WebhookSecrets } from '../env/settings.ts'
import { HttpRefusal } from '../http/http-refusal.ts'
import { type BodyLimits, createBodyAllowance } from './body-allowance.ts'
import { type DeliveryHeaders, readDeliveryHeaders, unsigned } from './delivery-headers.ts'
import { readPayload } from './read-payload.ts'
import { createSignatureCheck } from './signature-check.ts'

/** What receiving deliveries needs. */
export interface IntakeParts {
  readonly appId: number
  readonly secrets: WebhookSecrets
  readonly inbox: Pick<Inbox, 'accept'>
  readonly clock: Clock
  /** @default 64 bodies, 256 MB */
  readonly limits?: BodyLimits
}

/** Bytes: the most that GitHub sends. Source: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
const largestBody = 25 * 1024 * 1024

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a delivery, once its headers were checked. */
    delivery: DeliveryHeaders | undefined
  }
}

/**
 * `POST /webhooks`: verifies a delivery, stores it, acknowledges it, and does nothing else. A 2xx is a receipt: the delivery is on disk.
 * Whatever is not, GitHub shows as failed, and the sweep asks for it again.
 */
export async function addWebhookRoute(server: FastifyInstance, parts: IntakeParts): Promise<void> {
  await server.register((routes, _options, done) => {
    // Read as bytes: what was signed is what came, not what a parser made of it.
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: largestBody },
      (_request, body, parsed) => parsed(null, body),
    )
    routes.decorateRequest('delivery', undefined)
    addIntake(routes, parts)
    done()
  })
}

function addIntake(routes: FastifyInstance, { appId, secrets, inbox, clock, limits }: IntakeParts): void {
  const isSigned = createSignatureCheck(secrets, clock)
  const allowance = createBodyAllowance(limits ?? { bodies: 64, bytes: 256 * 1024 * 1024 })
  routes.post('/webhooks', {
    onRequest(request, _reply, next) {
      request.delivery = readDeliveryHeaders(request.headers, appId)
      const release = allowance.take(announcedBytes(request))
      if (release === undefined) throw busy()
      // Emitted once the body has been read, and when its connection breaks before that.
      request.raw.once('close', release)
      next()
    },
    async handler(request, reply) {
      const { delivery: headers, body } = request
      if (headers === undefined || !Buffer.isBuffer(body)) throw noJson()
      if (!isUtf8(body)) throw noJson()
      const text = body.toString('utf8')
      if (text === '' || !(await isSigned(text, headers.signature))) throw unsigned('The signature is not ours.')
      const { guid, event, hookId } = headers
      const facts = readPayload(text)
      if (event === 'ping') return reply.type('application/json').send('{"delivery":"ping"}')
      const delivery = { guid, hookId, event, ...facts, body, bodySha256: hash('sha256', body, 'hex') }
      const outcome = await store(request, inbox, delivery)
      return reply.code(202).type('application/json').send(receipts[outcome])
    },
  })
}

const receipts = { stored: '{"delivery":"stored"}', known: '{"delivery":"known"}' } as const

async function store(
  request: FastifyRequest,
  inbox: Pick<Inbox, 'accept'>,
  delivery: NewDelivery,
): Promise<'stored' | 'known'> {
  const { guid, event, bodySha256 } = delivery
  const outcome = await inbox.accept(delivery).catch((error: unknown) => {
    request.log.error({ err: error, guid, event }, 'a delivery could not be stored')
    throw notStored()
  })
  if (outcome !== 'conflict') return outcome
  // Whoever can sign has sent something else under a GUID that was used: the secret is known to somebody, or GitHub is at fault.
  request.log.error({ alarm: 'delivery_conflict', guid, event, bodySha256 }, 'another body came under a known GUID')
  throw conflicting(guid)
}

/** The length that the head announces; without one, the most that may come. */
function announcedBytes(request: FastifyRequest): number {
  const length = Number(request.headers['content-length'] ?? largestBody)
  return Number.isSafeInteger(length) && length >= 0 ? Math.min(length, largestBody) : largestBody
}

function noJson(): HttpRefusal {
  return new HttpRefusal({
    status: 415,
    code: 'request_invalid',
    message: 'A delivery is application/json in UTF-8.',
    remedy: "Set the content type to application/json on the App's page.",
  })
}

function busy(): HttpRefusal {
  return new HttpRefusal({
    status: 503,
    code: 'too_busy',
    kind: 'errored',
    message: 'Too many deliveries arrive at once.',
    remedy: 'Send it again; what GitHub shows as failed is asked for by itself.',
    headers: { 'retry-after': '1', connection: 'close' },
  })
}

function notStored(): HttpRefusal {
  return new HttpRefusal({
    status: 503,
    code: 'database_unreachable',
    kind: 'errored',
    message: 'The delivery could not be stored.',
    remedy: 'Look at the log of the App for why; it is asked for again by itself.',
    headers: { 'retry-after': '10' },
  })
}

function conflicting(guid: string): HttpRefusal {
  return new HttpRefusal({
    status: 409,
    code: 'request_invalid',
    message: `Another body came under the GUID ${guid} before; this one is not handled.`,
    remedy: "Compare both in the App's deliveries on GitHub, and change the webhook secret if one is not there.",
  })
}
