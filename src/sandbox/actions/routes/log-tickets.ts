import { randomUUID } from 'node:crypto'
import { notFound } from '../../api/api-error.ts'
import type { Reply } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import type { World } from '../../world.ts'

/** Short-lived addresses of logs: GitHub answers a request for logs by a redirect that is good for one minute. */
export interface LogTickets {
  /** Redirects to an address where `content` is given out to anybody who has it. */
  redirect(content: LogContent): Reply
  readonly routes: RoutePlugin
}

export interface LogContent {
  readonly type: string
  readonly body: string | Buffer
}

const LIFETIME_MS = 60_000
const PATH = '/_logs/{ticket}'

export function createLogTickets(world: World): LogTickets {
  const tickets = new Map<string, LogContent & { readonly expiresAt: number }>()
  return {
    redirect(content) {
      const now = world.now().getTime()
      for (const [id, { expiresAt }] of tickets) if (expiresAt <= now) tickets.delete(id)
      const ticket = randomUUID()
      tickets.set(ticket, { ...content, expiresAt: now + LIFETIME_MS })
      return { status: 302, headers: { location: `${world.apiUrl}${PATH.replace('{ticket}', ticket)}` } }
    },
    routes: server => {
      server.plainRoute({
        method: 'GET',
        path: PATH,
        by: 'anyone',
        handle: call => {
          const found = tickets.get(call.param('ticket'))
          if (found === undefined || found.expiresAt <= world.now().getTime()) throw notFound()
          return { status: 200, body: found.body, headers: { 'content-type': found.type } }
        },
      })
    },
  }
}
