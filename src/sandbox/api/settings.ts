import { z } from 'zod'
import type { Permissions } from '../world/permission.ts'
import { putSetting, type Setting, type Settings } from '../world/setting.ts'
import { ApiError, found } from './api-error.ts'
import { environmentIn } from './environments.ts'
import { wrappedPageOf } from './page.ts'
import { created, noContent, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const variable = z.object({ name: z.string().min(1), value: z.string() })
const change = z.object({ name: z.string().min(1).optional(), value: z.string().optional() })

interface Place {
  readonly path: string
  readonly permission: string
  readonly settings: (call: RepositoryCall) => Settings
}

const REPOSITORY = '/repos/{owner}/{repo}/actions'
const ENVIRONMENT = '/repos/{owner}/{repo}/environments/{environment_name}'

const VARIABLES: readonly Place[] = [
  { path: `${REPOSITORY}/variables`, permission: 'actions_variables', settings: call => call.repository.variables },
  { path: `${ENVIRONMENT}/variables`, permission: 'environments', settings: call => environmentIn(call).variables },
]

/** Of secrets only the names come out again; values are set with `Sandbox.setSecret`. */
const SECRETS: readonly Place[] = [
  { path: `${REPOSITORY}/secrets`, permission: 'secrets', settings: call => call.repository.secrets },
  {
    path: `${REPOSITORY}/organization-secrets`,
    permission: 'secrets',
    settings: call => call.repository.owner.secrets,
  },
  { path: `${ENVIRONMENT}/secrets`, permission: 'environments', settings: call => environmentIn(call).secrets },
]

export const settingRoutes: RoutePlugin = (server, { world }) => {
  const read = (place: Place): Permissions => ({ [place.permission]: 'read' })
  const write = (place: Place): Permissions => ({ [place.permission]: 'write' })
  for (const place of SECRETS) {
    server.repositoryRoute({
      method: 'GET',
      path: place.path,
      needs: read(place),
      handle: call => listed(call, { key: 'secrets', settings: place.settings(call), present: presentSecret }),
    })
  }
  server.repositoryRoute({
    method: 'GET',
    path: `${REPOSITORY}/organization-variables`,
    needs: { actions_variables: 'read' },
    handle: call =>
      listed(call, { key: 'variables', settings: call.repository.owner.variables, present: presentVariable }),
  })
  for (const place of VARIABLES) {
    server.repositoryRoute({
      method: 'GET',
      path: place.path,
      needs: read(place),
      handle: call => listed(call, { key: 'variables', settings: place.settings(call), present: presentVariable }),
    })
    server.repositoryRoute({
      method: 'POST',
      path: place.path,
      needs: write(place),
      handle: call => {
        const { name, value } = call.read(variable)
        const settings = place.settings(call)
        if (settings.has(name.toUpperCase())) throw new ApiError(409, 'Already exists - Variable already exists')
        putSetting(settings, { name, value, now: world.now() })
        return created({})
      },
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${place.path}/{name}`,
      needs: read(place),
      handle: call => ok(presentVariable(settingIn(call, place))),
    })
    server.repositoryRoute({
      method: 'PATCH',
      path: `${place.path}/{name}`,
      needs: write(place),
      handle: call => {
        const existing = settingIn(call, place)
        const { name, value } = call.read(change)
        const settings = place.settings(call)
        settings.delete(existing.name)
        putSetting(settings, { name: name ?? existing.name, value: value ?? existing.value, now: world.now() })
        return noContent()
      },
    })
    server.repositoryRoute({
      method: 'DELETE',
      path: `${place.path}/{name}`,
      needs: write(place),
      handle: call => {
        place.settings(call).delete(settingIn(call, place).name)
        return noContent()
      },
    })
  }
}

function settingIn(call: RepositoryCall, place: Place): Setting {
  return found(place.settings(call).get(call.param('name').toUpperCase()))
}

function listed(
  call: RepositoryCall,
  list: { key: string; settings: Settings; present: (setting: Setting) => unknown },
): ReturnType<typeof wrappedPageOf> {
  return wrappedPageOf(call, { key: list.key, all: [...list.settings.values()], present: list.present })
}

function presentSecret({ name, createdAt, updatedAt }: Setting): Record<string, unknown> {
  return { name, created_at: createdAt, updated_at: updatedAt }
}

function presentVariable(setting: Setting): Record<string, unknown> {
  return { ...presentSecret(setting), value: setting.value }
}
