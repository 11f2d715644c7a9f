import type { Delivery } from '../webhooks/delivery.ts'
import type { WebhookService } from '../webhooks/webhook-service.ts'
import { type Html, html } from './html.ts'
import { type Page, table } from './layout.ts'

const SHOWN = 100

export function deliveryPage(webhooks: WebhookService): Page {
  const rows = webhooks.deliveries
    .slice(-SHOWN)
    .toReversed()
    .map(delivery => [
      delivery.deliveredAt,
      delivery.app.slug,
      delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`,
      delivery.guid,
      html`${outcomeWords(delivery)}${delivery.isRedelivery && ', sent again'}`,
      redeliverForm(delivery),
    ])
  return {
    title: 'Webhooks',
    body: table(['When', 'App', 'Event', 'Delivery', 'Answer', ''], rows, 'No App has been told of anything.'),
  }
}

function outcomeWords({ outcome }: Delivery): string {
  switch (outcome.kind) {
    case 'pending':
      return 'underway'
    case 'answered':
      return `${outcome.status} in ${outcome.seconds} s`
    case 'failed':
      return outcome.reason
  }
}

function redeliverForm(delivery: Delivery): Html {
  return html`<form method="post" action="/deliveries/${delivery.id}/attempts"><button>Send again</button></form>`
}
