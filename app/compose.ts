import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import * as z from 'zod'
import { createSystemClock } from '../src/adapters/clock/system-clock.ts'
import { type AppIdentity, createGithubApp } from '../src/adapters/github/github-app.ts'
import { createCallBudget } from '../src/adapters/postgres/call-budget.ts'
import { type Database, type DatabaseSource, openDatabase } from '../src/adapters/postgres/database.ts'
import { failingWork } from '../src/adapters/postgres/failing-work.ts'
import { createInbox } from '../src/adapters/postgres/inbox.ts'
import { openWorkQueue } from '../src/adapters/postgres/work-queue.ts'
import { createClosers } from './closers.ts'
import type { Settings } from './env/settings.ts'
import { addHealthRoutes, type Need } from './http/health-routes.ts'
import { openServer } from './http/open-server.ts'
import { createDispatch } from './webhooks/dispatch-delivery.ts'
import type { DeliveryHandlers } from './webhooks/handlers.ts'
import { openProbot } from './webhooks/open-probot.ts'
import { addWebhookRoute } from './webhooks/receive-delivery.ts'

/** The App, running. */
export interface RunningApp {
  /** Where it listens. */
  readonly url: string
  /** Who the App is, as GitHub says. */
  identity(): Promise<AppIdentity>
  /** Takes nothing new, ends what is under way, lets go of everything. */
  close(): Promise<void>
}

/** Deliveries that one replica handles at once. */
const deliveriesAtOnce = 8

/** What is done about deliveries. */
const handlers: DeliveryHandlers = {}

/** Wires the App and starts it. When a step fails, what was opened before it is closed again. */
export async function compose(settings: Settings, log: Logger): Promise<RunningApp> {
  const closers = createClosers()
  try {
    return await start({ settings, log, closers })
  } catch (error) {
    await closers.close()
    throw error
  }
}

interface StartParts {
  readonly settings: Settings
  readonly log: Logger
  readonly closers: ReturnType<typeof createClosers>
}

async function start({ settings, log, closers }: StartParts): Promise<RunningApp> {
  const { app, github: server, webhookSecrets: secrets } = settings
  const clock = createSystemClock()
  const database = closers.add(await openDatabase(await databaseSource(settings)), opened => opened.close())
  const queue = closers.add(await openWorkQueue({ database, report: line => log.warn(line) }), opened => opened.stop())
  const inbox = createInbox({ database, queue })
  const credentials = { appId: app.id, privateKey: app.privateKey, apiUrl: server.apiUrl }
  const github = createGithubApp({ ...credentials, clock, budget: createCallBudget(database) })
  const probot = await openProbot({ ...credentials, log, handlers })
  const dispatch = createDispatch({ inbox, probot, handlers })
  await queue.handle('delivery', { concurrency: deliveriesAtOnce }, ({ guid }) => dispatch(guid))
  const listening = await openServer({
    host: settings.host,
    port: settings.port,
    log,
    async addRoutes(routes) {
      addHealthRoutes(routes, [...databaseNeeds(database), need('GitHub', () => github.identity())])
      await addWebhookRoute(routes, { appId: app.id, secrets, inbox, clock })
    },
  })
  closers.add(listening, opened => opened.close())
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
