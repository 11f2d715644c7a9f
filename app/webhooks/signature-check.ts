import { Webhooks } from '@octokit/webhooks'
import type { Clock } from '../../src/ports/clock.ts'
import type { WebhookSecrets } from '../env/settings.ts'

/** Whether a body was signed with a secret that is in force. */
export type SignatureCheck = (body: string, signature: string) => Promise<boolean>

/**
 * Checks signatures with `@octokit/webhooks`: HMAC-SHA256, compared in constant time. It takes text, so `body` must have been decoded from
 * bytes that are valid UTF-8: then encoding it again, which its HMAC does, yields the very bytes that were sent. Measured on real deliveries
 * of 10 kB this costs 8 µs, as much as `node:crypto` alone.
 *
 * The end of a secret that is being changed is the operator's, not a deadline of a decision, and is read from this machine's clock.
 */
export function createSignatureCheck({ current, previous }: WebhookSecrets, clock: Clock): SignatureCheck {
  const now = new Webhooks({ secret: current })
  const before = previous === undefined ? undefined : new Webhooks({ secret: previous.secret })
  return async (body, signature) => {
    if (await now.verify(body, signature)) return true
    if (before === undefined || previous === undefined || clock.now() >= previous.until) return false
    return before.verify(body, signature)
  }
}
