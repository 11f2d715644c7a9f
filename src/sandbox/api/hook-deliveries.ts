import { type Delivery, isSuccess } from '../webhooks/delivery.ts'
import type { WebhookService } from '../webhooks/webhook-service.ts'
import type { World } from '../world.ts'
import { found, validationFailed } from './api-error.ts'
import { appIn } from './apps.ts'
import { type Call, ok, type Reply } from './route.ts'
import type { RoutePlugin } from './server.ts'

const DEFAULT_PER_PAGE = 30
const MAX_PER_PAGE = 100

/** An App's log of webhooks, and sending one again. */
export function hookDeliveryRoutes(webhooks: WebhookService): RoutePlugin {
  return (server, { world }) => {
    server.plainRoute({
      method: 'GET',
      path: '/app/hook/deliveries',
      by: 'app',
      handle: call => listDeliveries(world, webhooks, call),
    })
    server.plainRoute({
      method: 'GET',
      path: '/app/hook/deliveries/{delivery_id}',
      by: 'app',
      handle: call => ok(presentWhole(deliveryIn(webhooks, call))),
    })
    server.plainRoute({
      method: 'POST',
      path: '/app/hook/deliveries/{delivery_id}/attempts',
      by: 'app',
      handle: call => {
        if (!webhooks.redeliver(deliveryIn(webhooks, call))) {
          throw validationFailed({ field: 'delivery_id', code: 'invalid', message: 'older than the redelivery window' })
        }
        return { status: 202, body: {} }
      },
    })
    server.plainRoute({
      method: 'GET',
      path: '/app/hook/config',
      by: 'app',
      handle: call => {
        const webhook = found(appIn(call).webhook)
        return ok({ content_type: 'json', insecure_ssl: '0', secret: '********', url: webhook.url })
      },
    })
  }
}

function deliveryIn(webhooks: WebhookService, call: Call): Delivery {
  const id = call.id('delivery_id')
  return found(webhooks.deliveries.find(each => each.id === id && each.app === appIn(call)))
}

/** Newest first; pages by cursor, not by number: new deliveries arrive while one reads. */
function listDeliveries(world: World, webhooks: WebhookService, call: Call): Reply {
  const perPage = Math.min(MAX_PER_PAGE, Number(call.query('per_page') ?? DEFAULT_PER_PAGE) || DEFAULT_PER_PAGE)
  const cursor = call.query('cursor')
  const status = call.query('status')
  const all = webhooks.deliveries
    .filter(each => each.app === appIn(call) && each.outcome.kind !== 'pending')
    .filter(each => cursor === undefined || each.id <= cursorId(cursor))
    .filter(each => status === undefined || isSuccess(each) === (status === 'success'))
    .toReversed()
  const next = all[perPage]
  const headers = next === undefined ? {} : { link: `<${nextUrl(world, call, next)}>; rel="next"` }
  return { status: 200, body: all.slice(0, perPage).map(presentDelivery), headers }
}

function nextUrl(world: World, call: Call, next: Delivery): string {
  const url = new URL(call.url.href, world.serverUrl)
  url.searchParams.set('cursor', `v1_${next.id}`)
  return url.href
}

function cursorId(cursor: string): number {
  const id = /^v1_(\d+)$/.exec(cursor)?.[1]
  if (id === undefined) throw validationFailed({ field: 'cursor', code: 'invalid' })
  return Number(id)
}

function presentDelivery(delivery: Delivery): Record<string, unknown> {
  const { outcome } = delivery
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.isRedelivery,
    duration: outcome.kind === 'pending' ? 0 : outcome.seconds,
    status: statusWord(delivery),
    status_code: outcome.kind === 'answered' ? outcome.status : 502,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation?.id ?? null,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
}

function statusWord(delivery: Delivery): string {
  if (delivery.outcome.kind !== 'answered') return 'failed to connect to host'
  return isSuccess(delivery) ? 'OK' : 'Invalid HTTP Response'
}

function presentWhole(delivery: Delivery): Record<string, unknown> {
  const { outcome, request } = delivery
  return {
    ...presentDelivery(delivery),
    url: delivery.app.webhook?.url ?? '',
    request: { headers: request.headers, payload: JSON.parse(request.body) },
    response:
      outcome.kind === 'answered'
        ? { headers: outcome.headers, payload: outcome.body }
        : { headers: null, payload: null },
  }
}
