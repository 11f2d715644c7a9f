import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttpServer } from './api/http-server.ts'
import type { Observer } from './api/observation.ts'
import { repositoryRoutes } from './api/repositories.ts'
import { createApiServer } from './api/server.ts'
import { type Clock, machineClock } from './clock.ts'
import { noFaults } from './faults/no-faults.ts'
import { IdentityProvider } from './oidc/identity-provider.ts'
import { addIdentityRoutes } from './oidc/identity-routes.ts'
import type { SandboxPart } from './part.ts'
import { foundWorld } from './world/found-accounts.ts'
import { World } from './world.ts'

export interface SandboxOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number
  readonly clock?: Clock
  /** Sees every API exchange and every webhook. */
  readonly observe?: Observer
  /** Where repositories and work directories are kept; by default a temporary directory, removed by `close`. */
  readonly directory?: string
}

export interface Sandbox {
  readonly world: World
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** The root of the REST API. */
  readonly apiUrl: string
  /** Ends everything that the sandbox started; may be called twice. */
  close(): Promise<void>
}

/** Opens a GitHub on this machine. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sandbox-')))
  const world = new World({ clock: options.clock ?? machineClock, identity: await IdentityProvider.create() })
  foundWorld(world)

  const http = createHttpServer()
  const api = createApiServer(http, { world, observe: options.observe ?? (() => undefined), interceptor: noFaults })
  const parts: SandboxPart[] = []
  for (const routes of [repositoryRoutes, ...parts.map(part => part.routes)]) routes(api, { world })
  addIdentityRoutes(http, world)
  world.serverUrl = await http.listen({ host: '127.0.0.1', port: options.port ?? 0 })

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    for (const part of parts) await part.close()
    await http.close()
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
  }
  return {
    world,
    url: world.serverUrl,
    apiUrl: world.apiUrl,
    close: () => {
      closing ??= close()
      return closing
    },
  }
}
