import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Actions, type ActionsOptions, openActions } from './actions/actions.ts'
import { hookDeliveryRoutes } from './api/hook-deliveries.ts'
import { createHttpServer } from './api/http-server.ts'
import { metaRoutes } from './api/meta.ts'
import type { Observer } from './api/observation.ts'
import { WORLD_ROUTES } from './api/routes.ts'
import { createApiServer } from './api/server.ts'
import { type Clock, machineClock } from './clock.ts'
import { ApiFaults } from './faults/api-faults.ts'
import { RateBudget } from './faults/rate-budget.ts'
import { seededRandom } from './faults/seeded-random.ts'
import { WebhookFaults } from './faults/webhook-faults.ts'
import { createFounding, type Founding } from './founding.ts'
import { addGitRoutes } from './git-http/git-routes.ts'
import { IdentityProvider } from './oidc/identity-provider.ts'
import { addIdentityRoutes } from './oidc/identity-routes.ts'
import { addPageRoutes } from './page/page-routes.ts'
import { WebhookService } from './webhooks/webhook-service.ts'
import { foundWorld } from './world/found-world.ts'
import { World } from './world.ts'

export interface SandboxOptions extends Pick<ActionsOptions, 'slots' | 'actions' | 'machineVariables' | 'timings'> {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number
  readonly clock?: Clock
  /** Sees every API exchange and every webhook. */
  readonly observe?: Observer
  /** Where repositories and work directories are kept; by default a temporary directory, removed by `close`. */
  readonly directory?: string
  /** Milliseconds that the receiver of a webhook has to answer; default 10,000, as on GitHub. */
  readonly webhookAnswerWithin?: number
  /** Of what faults leave to chance; default 1. */
  readonly seed?: number
}

export interface Sandbox extends Founding {
  readonly world: World
  /** `http://127.0.0.1:<port>`: pages and git. */
  readonly url: string
  /** The root of the REST API. */
  readonly apiUrl: string
  readonly actions: Actions
  readonly webhooks: WebhookService
  /** What goes wrong, from now on. */
  readonly faults: { readonly api: ApiFaults; readonly webhooks: WebhookFaults }
  /** Ends everything that the sandbox started; may be called twice. */
  close(): Promise<void>
}

/** Opens a GitHub on this machine. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sandbox-')))
  const observe = options.observe ?? (() => undefined)
  const random = seededRandom(options.seed ?? 1)
  const world = new World({ clock: options.clock ?? machineClock, identity: await IdentityProvider.create() })
  foundWorld(world)

  const budget = new RateBudget(world)
  const faults = { api: new ApiFaults({ world, random, budget }), webhooks: new WebhookFaults(random) }
  const { slots, webhookAnswerWithin: answerWithin, actions: actionDirectories, machineVariables, timings } = options
  const webhooks = new WebhookService({
    world,
    observe,
    faults: faults.webhooks,
    ...(answerWithin === undefined ? {} : { answerWithin }),
  })
  const actions = openActions({
    world,
    directory,
    ...(slots === undefined ? {} : { slots }),
    ...(actionDirectories === undefined ? {} : { actions: actionDirectories }),
    ...(machineVariables === undefined ? {} : { machineVariables }),
    ...(timings === undefined ? {} : { timings }),
  })

  const http = createHttpServer()
  const api = createApiServer(http, { world, observe, interceptor: faults.api })
  const routes = [...WORLD_ROUTES, hookDeliveryRoutes(webhooks), metaRoutes(budget), actions.routes]
  for (const plugin of routes) plugin(api, { world })
  addIdentityRoutes(http, world)
  addGitRoutes(http, world)
  addPageRoutes(http, { world, actions, webhooks })

  const end = async (): Promise<void> => {
    await actions.close()
    await webhooks.close()
    await http.close()
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
  }
  try {
    world.serverUrl = await http.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  } catch (error) {
    await end()
    throw error
  }
  let ending: Promise<void> | undefined
  return {
    world,
    url: world.serverUrl,
    apiUrl: world.apiUrl,
    actions,
    webhooks,
    faults,
    ...createFounding(world, join(directory, 'repositories')),
    close() {
      ending ??= end()
      return ending
    },
  }
}
