import type { Logger } from 'pino'
import { createSystemClock } from '../../src/adapters/clock/system-clock.ts'
import type { UnregisteredSettings } from '../env/settings.ts'
import { addToSettingsFile, settingsFileIn } from '../env/settings-file.ts'
import { addHealthRoutes } from '../http/health-routes.ts'
import { openServer } from '../http/open-server.ts'
import { fetchRegisteredApp } from './registered-app.ts'
import { createSetupDoor } from './setup-door.ts'
import { settingsOf } from './setup-pages.ts'
import { addSetupRoutes } from './setup-routes.ts'

/** An App that waits until somebody has registered it. */
export interface Registering {
  /** Where it is done, with the key; for the operator alone. */
  readonly address: string
  /** Resolves once the settings of the App stand in the settings file. */
  readonly registered: Promise<void>
  close(): Promise<void>
}

/** Serves the pages with which the App is registered on GitHub, where it will listen afterwards. */
export async function registerFirst(settings: UnregisteredSettings, log: Logger): Promise<Registering> {
  const { dataDirectory, github, host, port } = settings
  const { promise: registered, resolve } = Promise.withResolvers<void>()
  const clock = createSystemClock()
  const door = createSetupDoor(() => clock.now())
  const settingsFile = settingsFileIn(dataDirectory)
  const url = settings.url ?? `http://${host}:${port}`
  const place = { url, serverUrl: github.serverUrl, settingsFile }
  const server = await openServer({
    host,
    port,
    log,
    addRoutes(routes) {
      addHealthRoutes(routes, [
        { name: 'GitHub App', check: () => Promise.reject(new Error('none is registered yet')) },
      ])
      addSetupRoutes(routes, {
        door,
        place,
        fetchApp: code => fetchRegisteredApp(github.apiUrl, code),
        keep(app) {
          addToSettingsFile(settingsFile, settingsOf(app))
          resolve()
        },
      })
    },
  })
  return { address: `${url}/setup?key=${door.key}`, registered, close: () => server.close() }
}
