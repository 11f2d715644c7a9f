import { tmpdir } from 'node:os'
import { openActions } from '../../src/sandbox/actions/actions.ts'
import { HEARD_EVENTS } from '../../src/sandbox/actions/workflow/unheard-events.ts'
import { hookDeliveryRoutes } from '../../src/sandbox/api/hook-deliveries.ts'
import { metaRoutes } from '../../src/sandbox/api/meta.ts'
import type { ApiServer, PlainRoute, RepositoryRoute } from '../../src/sandbox/api/route.ts'
import { WORLD_ROUTES } from '../../src/sandbox/api/routes.ts'
import { machineClock } from '../../src/sandbox/clock.ts'
import { RateBudget } from '../../src/sandbox/faults/rate-budget.ts'
import { seededRandom } from '../../src/sandbox/faults/seeded-random.ts'
import { WebhookFaults } from '../../src/sandbox/faults/webhook-faults.ts'
import { IdentityProvider } from '../../src/sandbox/oidc/identity-provider.ts'
import { WebhookService } from '../../src/sandbox/webhooks/webhook-service.ts'
import { World } from '../../src/sandbox/world.ts'
import { markdownTable } from './markdown-table.ts'

/** What of `docs/sandbox.md` comes from the source. */
export async function sandboxBlocks(): Promise<Readonly<Record<string, string>>> {
  const routes = await everyRoute()
  return {
    routes: markdownTable(
      ['route', 'needs'],
      routes.map(({ method, path, needs }) => [`\`${method} ${path}\``, needs]),
    ),
    events: `${[...HEARD_EVENTS].map(event => `\`${event}\``).join(', ')}.`,
  }
}

interface DocumentedRoute {
  readonly method: string
  readonly path: string
  readonly needs: string
}

/** The routes as the sandbox declares them; nothing is served. */
async function everyRoute(): Promise<readonly DocumentedRoute[]> {
  const found: DocumentedRoute[] = []
  const server: ApiServer = {
    repositoryRoute: (route: RepositoryRoute) => {
      const needs = Object.entries(route.needs).map(([name, level]) => `\`${name}: ${level}\``)
      found.push({ method: route.method, path: route.path, needs: needs.join(', ') || 'that it can be seen' })
    },
    plainRoute: (route: PlainRoute) => {
      found.push({ method: route.method, path: route.path, needs: callers[route.by] })
    },
  }
  const world = new World({ clock: machineClock, identity: await IdentityProvider.create() })
  const webhooks = new WebhookService({
    world,
    observe: () => undefined,
    faults: new WebhookFaults(seededRandom(1)),
  })
  const actions = openActions({ world, directory: tmpdir() })
  const plugins = [...WORLD_ROUTES, hookDeliveryRoutes(webhooks), metaRoutes(new RateBudget(world)), actions.routes]
  for (const plugin of plugins) plugin(server, { world })
  await actions.close()
  await webhooks.close()
  return found.toSorted((a, b) => (a.path === b.path ? order(a.method, b.method) : order(a.path, b.path)))
}

const callers: Readonly<Record<PlainRoute['by'], string>> = {
  app: 'a JWT of an App',
  signed_in: 'any credentials',
  anyone: 'nothing',
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
