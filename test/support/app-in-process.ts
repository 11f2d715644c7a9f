import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { openControl } from '../../app/control/open-control.ts'
import type { Settings } from '../../app/env/settings.ts'
import { openServer } from '../../app/http/open-server.ts'
import { openLog } from '../../app/log/open-log.ts'
import { createDispatch } from '../../app/webhooks/dispatch-delivery.ts'
import { deliveryHandlers } from '../../app/webhooks/handle-deliveries.ts'
import { openProbot } from '../../app/webhooks/open-probot.ts'
import { addWebhookRoute } from '../../app/webhooks/receive-delivery.ts'
import { createSystemClock } from '../../src/adapters/clock/system-clock.ts'
import { createGithubHookDeliveries } from '../../src/adapters/github/hook-deliveries.ts'
import { createGithubInstallations } from '../../src/adapters/github/installations.ts'
import { createControlStore } from '../../src/adapters/postgres/control/control-store.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { createInbox } from '../../src/adapters/postgres/inbox.ts'
import { createLeases } from '../../src/adapters/postgres/leases.ts'
import { createMissedDeliveries } from '../../src/adapters/postgres/missed-deliveries.ts'
import { createSweepAgenda } from '../../src/adapters/postgres/sweep-agenda.ts'
import type { PostgresWorkQueue } from '../../src/adapters/postgres/work-queue.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import type { DeliverySweepPorts } from '../../src/engine/sweeps/sweep-deliveries.ts'
import type { SweepPorts } from '../../src/engine/sweeps/sweep-ports.ts'
import { learnRepositories } from '../../src/engine/tenants/learn-repositories.ts'
import type { Inbox } from '../../src/ports/inbox.ts'
import type { Clock } from '../../src/sandbox/clock.ts'
import { type AppOnGithub, openAppOnGithub } from './app-on-github.ts'
import { close, listen } from './listening.ts'
import { openTestDatabase } from './postgres.ts'
import { openRehearsedGithub, type RehearsedGithub } from './rehearsed-github.ts'
import { openTestQueue } from './test-queue.ts'

/** The App's parts in this process, on a rehearsed GitHub and a database of their own, for one test. No work is done unless a test says so. */
export interface AppInProcess {
  readonly rehearsed: RehearsedGithub
  readonly app: AppOnGithub
  readonly database: Database
  readonly queue: PostgresWorkQueue
  readonly inbox: Inbox
  readonly control: ControlPorts
  /** The repository of the rehearsed GitHub. */
  readonly key: RepositoryKey
  readonly sweep: DeliverySweepPorts & SweepPorts
  /** What whoever runs the App was told. */
  readonly told: readonly string[]
  /** Starts or stops the intake: what is delivered meanwhile finds nobody. */
  listen(): Promise<void>
  silence(): Promise<void>
  dispatch(guid: string): Promise<void>
}

export interface AppInProcessOptions {
  readonly events: readonly string[]
  readonly clock?: Clock
  /** Where artifacts are. */
  readonly store?: string
}

const secret = 'a secret of sufficient length'

export async function openAppInProcess({ events, clock, store: location }: AppInProcessOptions): Promise<AppInProcess> {
  const rehearsed = await openRehearsedGithub(clock === undefined ? {} : { clock })
  onTestFinished(() => rehearsed.close())
  const port = await freePort()
  const app = await openAppOnGithub(rehearsed, { events, url: `http://127.0.0.1:${port}/webhooks` })
  const database = await openTestDatabase()
  const queue = await openTestQueue(database)
  const inbox = createInbox({ database, onStored: () => {} })
  const store = createControlStore({ database, queue })
  const settings = settingsOf(rehearsed, app, location)
  const control = openControl({
    settings,
    app: app.github,
    clock: createSystemClock(),
    store,
    leases: createLeases(database),
  })
  const told: string[] = []
  const log = openLog({ level: 'silent', secrets: [] })
  const installations = createGithubInstallations(app.github)
  const agenda = createSweepAgenda({ database, queue })
  const handlers = deliveryHandlers({ control, installations, app: app.github, inbox, agenda })
  const credentials = { appId: app.app.id, privateKey: app.privateKey, apiUrl: rehearsed.sandbox.apiUrl }
  const probot = await openProbot({ ...credentials, log, handlers })
  let server: Awaited<ReturnType<typeof openServer>> | undefined
  const silence = async (): Promise<void> => {
    await server?.close()
    server = undefined
  }
  onTestFinished(silence)
  const key = { tenant: app.installation.id, repository: rehearsed.repository.id }
  await learnRepositories({ store, installations }, key.tenant)
  return {
    rehearsed,
    app,
    database,
    queue,
    inbox,
    control,
    key,
    told,
    sweep: {
      ...control,
      deliveries: createGithubHookDeliveries(app.github.calls),
      missed: createMissedDeliveries(database),
      agenda,
      tell: line => told.push(line),
    },
    async listen() {
      server = await openServer({
        host: '127.0.0.1',
        port,
        log,
        addRoutes: routes =>
          addWebhookRoute(routes, {
            appId: app.app.id,
            secrets: { current: secret, previous: undefined },
            inbox,
            clock: createSystemClock(),
          }),
      })
    },
    silence,
    dispatch: createDispatch({ inbox, probot, handlers }),
  }
}

/** What an operator would have told the App. `location`: where artifacts are. */
export function settingsOf({ sandbox }: RehearsedGithub, app: AppOnGithub, location: string | undefined): Settings {
  return {
    app: { id: app.app.id, privateKey: app.privateKey },
    webhookSecrets: { current: secret, previous: undefined },
    github: { apiUrl: sandbox.apiUrl, serverUrl: sandbox.url, oidcIssuer: sandbox.url, hasQuotas: false },
    host: '127.0.0.1',
    port: 0,
    url: undefined,
    databaseUrl: undefined,
    dataDirectory: '/nowhere',
    store: location === undefined ? undefined : { template: location, credentials: undefined },
    subscribers: 'private',
    logLevel: 'silent',
    secrets: [],
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}
