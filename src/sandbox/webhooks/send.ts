import { createHmac } from 'node:crypto'
import type { Delivery, DeliveryOutcome } from './delivery.ts'

/** Characters of an answer that the log keeps. */
const KEPT_BODY = 4_000

export function signature(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Posts a delivery to its App's URL, until `signal` aborts. Never throws: what went wrong is the outcome. */
export async function send(url: string, delivery: Delivery, signal: AbortSignal): Promise<DeliveryOutcome> {
  const started = performance.now()
  const seconds = (): number => Math.round(performance.now() - started) / 1000
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: delivery.request.headers,
      body: delivery.request.body,
      // GitHub follows no redirect either.
      redirect: 'manual',
      signal,
    })
    const body = (await response.text()).slice(0, KEPT_BODY)
    const headers = Object.fromEntries(response.headers)
    return { kind: 'answered', status: response.status, headers, body, seconds: seconds() }
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)
    return { kind: 'failed', reason, seconds: seconds() }
  }
}
