import type { RateBudget } from '../faults/rate-budget.ts'
import { ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

/** What GitHub says of itself. */
export function metaRoutes(budget: RateBudget): RoutePlugin {
  return (server, { world }) => {
    server.plainRoute({
      method: 'GET',
      path: '/rate_limit',
      by: 'anyone',
      handle: ({ actor }) => {
        const { limit, used, remaining, reset } = budget.budgetOf(actor)
        const rate = { limit, used, remaining: Math.max(0, remaining), reset }
        return ok({ resources: { core: rate, search: rate }, rate })
      },
    })
    server.plainRoute({
      method: 'GET',
      path: '/meta',
      by: 'anyone',
      handle: () =>
        ok({ verifiable_password_authentication: false, domains: { website: [new URL(world.serverUrl).host] } }),
    })
  }
}
