import type { HookDeliveries } from '../../ports/hook-deliveries.ts'
import { hookDeliveriesPayload } from './app-payloads.ts'
import { type GithubCalls, pages } from './github-client.ts'

const route = '/app/hook/deliveries'

/**
 * Deliveries of the App's webhook, through GitHub's REST API.
 *
 * @param app - GitHub, asked as the App
 */
export function createGithubHookDeliveries(app: GithubCalls): HookDeliveries {
  return {
    async *since(instant) {
      for await (const page of pages(app, `GET ${route}`, {})) {
        for (const delivery of hookDeliveriesPayload.parse(page)) {
          if (delivery.delivered_at < instant) return
          yield {
            id: delivery.id,
            guid: delivery.guid,
            deliveredAt: delivery.delivered_at,
            event: delivery.event,
            action: delivery.action ?? undefined,
            tenant: delivery.installation_id ?? undefined,
            repository: delivery.repository_id ?? undefined,
            succeeded: delivery.status_code >= 200 && delivery.status_code < 300,
            isRedelivery: delivery.redelivery,
          }
        }
      }
    },
    async redeliver(id) {
      return await app.change<'accepted' | 'too_old'>({
        route: `POST ${route}/{delivery_id}/attempts`,
        parameters: { delivery_id: id },
        decode: () => 'accepted',
        answers: status => ([400, 404, 422].includes(status) ? 'too_old' : undefined),
      })
    },
  }
}
