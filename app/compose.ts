import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import * as z from 'zod'
import { createSystemClock } from '../src/adapters/clock/system-clock.ts'
import { type AppIdentity, createGithubApp } from '../src/adapters/github/github-app.ts'
import { createGithubHookDeliveries } from '../src/adapters/github/hook-deliveries.ts'
import { createGithubInstallations } from '../src/adapters/github/installations.ts'
import { createStandardWebhookSender } from '../src/adapters/http/standard-webhook.ts'
import { createCallBudget } from '../src/adapters/postgres/call-budget.ts'
import { createControlStore } from '../src/adapters/postgres/control/control-store.ts'
import type { Database } from '../src/adapters/postgres/database.ts'
import { openDeliveryWork } from '../src/adapters/postgres/delivery-work.ts'
import { failingWork } from '../src/adapters/postgres/failing-work.ts'
import { createInbox } from '../src/adapters/postgres/inbox.ts'
import { createLeases } from '../src/adapters/postgres/leases.ts'
import { type DatabaseSource, openDatabase } from '../src/adapters/postgres/open-database.ts'
import { createSweepAgenda } from '../src/adapters/postgres/sweep-agenda.ts'
import { openWorkQueue } from '../src/adapters/postgres/work-queue.ts'
import { examineRepository } from '../src/engine/views/examine-repository.ts'
import { addApi } from './api/add-api.ts'
import { openApi } from './api/open-api.ts'
import type { RouteServices } from './api/routes.ts'
import { createClosers } from './closers.ts'
import { openControl } from './control/open-control.ts'
import type { Crashes } from './crashes/crashes.ts'
import type { Settings } from './env/settings.ts'
import { addHealthRoutes, type Need } from './http/health-routes.ts'
import { openServer } from './http/open-server.ts'
import { createDispatch } from './webhooks/dispatch-delivery.ts'
import { deliveryHandlers } from './webhooks/handle-deliveries.ts'
import { openProbot } from './webhooks/open-probot.ts'
import { addWebhookRoute } from './webhooks/receive-delivery.ts'
import { handleWork } from './work/handle-work.ts'
import { openSweeps } from './work/open-sweeps.ts'

/** The App, running. */
export interface RunningApp {
  /** Where it listens. */
  readonly url: string
  /** Who the App is, as GitHub says. */
  identity(): Promise<AppIdentity>
  /** Takes nothing new, ends what is under way, lets go of everything. */
  close(): Promise<void>
}

/** Wires the App and starts it. When a step fails, what was opened before it is closed again. */
export async function compose(settings: Settings, log: Logger, crashes: Crashes): Promise<RunningApp> {
  const closers = createClosers()
  try {
    return await start({ settings, log, closers, crashes })
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** How many of them one replica handles. */
const deliveriesAtOnce = { concurrency: 8 }

interface StartParts {
  readonly settings: Settings
  readonly log: Logger
  readonly closers: ReturnType<typeof createClosers>
  readonly crashes: Crashes
}

async function start({ settings, log, closers, crashes }: StartParts): Promise<RunningApp> {
  const { app, github: server, webhookSecrets: secrets } = settings
  const clock = createSystemClock()
  const database = closers.add(await openDatabase(await databaseSource(settings)), opened => opened.close())
  const queue = closers.add(await openWorkQueue({ database, report: line => log.warn(line) }), opened => opened.stop())
  const stored = crashes.database(database)
  const report = (line: string): void => log.warn(line)
  const deliveryWork = closers.add(openDeliveryWork({ database, report }), opened => opened.stop())
  const inbox = crashes.inbox(createInbox({ database, onStored: () => deliveryWork.wake() }))
  const credentials = { appId: app.id, privateKey: app.privateKey, apiUrl: server.apiUrl }
  const github = createGithubApp({ ...credentials, clock, budget: createCallBudget(database, server) })
  const url = settings.url ?? `http://${settings.host}:${settings.port}`
  const store = createControlStore({ database: stored, queue })
  const leases = crashes.leases(createLeases(database))
  const control = crashes.control(openControl({ settings, app: github, clock, store, leases }))
  const installations = createGithubInstallations(github)
  const agenda = createSweepAgenda({ database, queue })
  const handlers = deliveryHandlers({ control, installations, app: github, inbox, agenda })
  const probot = await openProbot({ ...credentials, log, handlers })
  const reach = settings.subscribers === 'private' ? 'global_and_private' : 'global'
  const sender = createStandardWebhookSender({ clock, reach })
  const events = { store, leases, sender, report }
  crashes.deliveries(deliveryWork).handle(deliveriesAtOnce, createDispatch({ inbox, probot, handlers }))
  await handleWork(crashes.queue(queue), { control, events, tell: line => log.info(line) })
  const deliveries = createGithubHookDeliveries(github.calls)
  const examination = { control, installations, deliveries, clock, serverUrl: server.serverUrl }
  const examine: RouteServices['examine'] = key => examineRepository(examination, key)
  const api = openApi({ settings, database, control, clock, url, examine })
  const listening = await openServer({
    host: settings.host,
    port: settings.port,
    log,
    async addRoutes(routes) {
      addHealthRoutes(routes, [...databaseNeeds(database), need('GitHub', () => github.identity())])
      await addWebhookRoute(routes, { appId: app.id, secrets, inbox, clock })
      crashes.requests(routes)
      await addApi(routes, api)
    },
  })
  closers.add(listening, opened => opened.close())
  // After that: what GitHub delivers again must find somebody who listens.
  await openSweeps({ database, queue, agenda, control, installations, app: github, log })
  return { url: listening.url, identity: () => github.identity(), close: () => closers.close() }
}

async function databaseSource({ databaseUrl, dataDirectory }: Settings): Promise<DatabaseSource> {
  if (databaseUrl !== undefined) return { url: databaseUrl }
  // PostgreSQL never runs as root: where the App does, the server's user must be able to pass through.
  await mkdir(dataDirectory, { recursive: true })
  return { embedded: join(dataDirectory, 'postgres') }
}

function databaseNeeds(database: Database): Need[] {
  return [need('database', () => database.query(z.unknown(), 'select 1')), need('queue', () => failingWork(database))]
}

function need(name: string, ask: () => Promise<unknown>): Need {
  return {
    name,
    async check() {
      await ask()
    },
  }
}
