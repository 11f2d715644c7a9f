import { createHmac, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { LogLevel, WebhookSecrets } from '../../../app/env/settings.ts'
import { type OpenServer, openServer, type ServerLimits } from '../../../app/http/open-server.ts'
import { openLog } from '../../../app/log/open-log.ts'
import type { BodyLimits } from '../../../app/webhooks/body-allowance.ts'
import { addWebhookRoute } from '../../../app/webhooks/receive-delivery.ts'
import { createSystemClock } from '../../../src/adapters/clock/system-clock.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { Inbox } from '../../../src/ports/inbox.ts'
import { createMemoryInbox, type MemoryInbox } from '../../support/memory-inbox.ts'

export const appId = 4711
export const secret = 'the-secret-in-force-of-34-bytes-00'

/** The App's server with nothing but the intake, on loopback. */
export interface Intake {
  readonly server: OpenServer
  readonly url: string
  readonly inbox: MemoryInbox
  /** What was logged, one object a line. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  /** Sends a delivery, signed as GitHub signs unless `request` says otherwise. */
  readonly deliver: (request?: DeliveryRequest) => Promise<Response>
}

export interface DeliveryRequest {
  readonly body?: string | Uint8Array
  /** Replace or, when undefined, leave out what GitHub sends. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly secret?: string
}

export interface IntakeOptions {
  readonly secrets?: WebhookSecrets
  readonly clock?: Clock
  readonly inbox?: Pick<Inbox, 'accept'>
  readonly limits?: BodyLimits
  readonly serverLimits?: Partial<ServerLimits>
  readonly level?: LogLevel
  readonly addRoutes?: (server: FastifyInstance) => void
}

export async function openIntake(options: IntakeOptions = {}): Promise<Intake> {
  const inbox = createMemoryInbox()
  const log: Record<string, unknown>[] = []
  const server = await openServer({
    host: '127.0.0.1',
    port: 0,
    log: openLog({
      level: options.level ?? 'info',
      secrets: [secret],
      sink: { write: line => log.push(JSON.parse(line)) },
    }),
    limits: options.serverLimits ?? {},
    async addRoutes(routes) {
      options.addRoutes?.(routes)
      await addWebhookRoute(routes, {
        appId,
        secrets: options.secrets ?? { current: secret, previous: undefined },
        inbox: options.inbox ?? inbox,
        clock: options.clock ?? createSystemClock(),
        ...(options.limits === undefined ? {} : { limits: options.limits }),
      })
    },
  })
  const url = `${server.url}/webhooks`
  return {
    server,
    url,
    inbox,
    log,
    deliver: request => fetch(url, { method: 'POST', ...signedRequest(request) }),
  }
}

/** A push by an installation, as small as it can be. */
export const smallBody = JSON.stringify({ action: 'created', installation: { id: 7 }, repository: { id: 42 } })

/** Headers and body of a delivery. */
export function signedRequest(request: DeliveryRequest = {}): {
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
} {
  const body = Uint8Array.from(Buffer.from(request.body ?? smallBody))
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/5a1d0bb',
    'x-github-delivery': randomUUID(),
    'x-github-event': 'deployment',
    'x-github-hook-id': '99',
    'x-github-hook-installation-target-id': String(appId),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': signatureOf(body, request.secret),
    ...request.headers,
  }
  const headers = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return { headers, body }
}

export function signatureOf(body: string | Uint8Array, key: string = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`
}
