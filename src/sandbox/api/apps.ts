import { z } from 'zod'
import { takeRegisteredApp } from '../register-from-manifest.ts'
import type { GithubApp, Installation } from '../world/github-app.ts'
import { mintInstallationToken, revokeToken } from '../world/mint-token.ts'
import { grants, type Permissions } from '../world/permission.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { ApiError, found } from './api-error.ts'
import { pageOf, wrappedPageOf } from './page.ts'
import { presentApp } from './present/github-app.ts'
import { presentInstallation } from './present/installation.ts'
import { presentRepository } from './present/repository.ts'
import { type Call, created, noContent, ok, type Reply } from './route.ts'
import type { RoutePlugin } from './server.ts'

const tokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
})

/** What an App asks about itself, with its JWT. */
export const appRoutes: RoutePlugin = (server, { world }) => {
  server.plainRoute({
    method: 'GET',
    path: '/app',
    by: 'app',
    handle: call => {
      const app = appIn(call)
      return ok({ ...presentApp(world, app), installations_count: installationsOf(world, app).length })
    },
  })
  server.plainRoute({
    method: 'GET',
    path: '/app/installations',
    by: 'app',
    handle: call =>
      pageOf(call, {
        all: installationsOf(world, appIn(call)),
        present: installation => presentInstallation(world, installation),
      }),
  })
  server.plainRoute({
    method: 'GET',
    path: '/app/installations/{installation_id}',
    by: 'app',
    handle: call => ok(presentInstallation(world, installationIn(world, call))),
  })
  for (const path of ['/orgs/{org}/installation', '/users/{username}/installation'] as const) {
    server.plainRoute({
      method: 'GET',
      path,
      by: 'app',
      handle: call => {
        const account = found(world.account(call.param(path.startsWith('/orgs') ? 'org' : 'username')))
        const own = installationsOf(world, appIn(call)).find(installation => installation.account === account)
        return ok(presentInstallation(world, found(own)))
      },
    })
  }
  server.plainRoute({
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    by: 'app',
    handle: call => createToken(world, call),
  })
  server.plainRoute({
    method: 'DELETE',
    path: '/installation/token',
    by: 'signed_in',
    handle: ({ actor }) => {
      if (actor.kind !== 'installation')
        throw new ApiError(403, 'You must authenticate with an installation access token.')
      revokeToken(world, actor.token.value)
      return noContent()
    },
  })
  server.plainRoute({
    method: 'GET',
    path: '/installation/repositories',
    by: 'signed_in',
    handle: async call => {
      if (call.actor.kind !== 'installation')
        throw new ApiError(403, 'You must authenticate with an installation access token.')
      const { installation, repositoryIds } = call.actor.token
      const all = repositoriesOf(world, installation).filter(({ id }) => repositoryIds?.has(id) ?? true)
      return wrappedPageOf(call, { key: 'repositories', all, present: each => presentRepository(world, each) })
    },
  })
  server.plainRoute({
    method: 'POST',
    path: '/app-manifests/{code}/conversions',
    by: 'anyone',
    handle: ({ param }) => {
      const { app, pem, clientSecret, webhookSecret } = found(takeRegisteredApp(world, param('code')))
      return created({
        ...presentApp(world, app),
        client_secret: clientSecret,
        webhook_secret: webhookSecret,
        pem,
      })
    },
  })
  server.plainRoute({
    method: 'GET',
    path: '/apps/{app_slug}',
    by: 'anyone',
    handle: ({ param }) => {
      const slug = param('app_slug')
      return ok(presentApp(world, found([...world.apps.values()].find(app => app.slug === slug))))
    },
  })
}

/** The App that asks; such routes are only reached with its JWT. */
export function appIn({ actor }: Call): GithubApp {
  if (actor.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded')
  return actor.app
}

function installationsOf(world: World, app: GithubApp): Installation[] {
  return [...world.installations.values()].filter(installation => installation.app === app)
}

function installationIn(world: World, call: Call): Installation {
  const id = call.id('installation_id')
  return found(installationsOf(world, appIn(call)).find(installation => installation.id === id))
}

function repositoriesOf(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter(
    ({ owner, id }) => owner === installation.account && (installation.repositoryIds?.has(id) ?? true),
  )
}

function createToken(world: World, call: Call): Reply {
  const installation = installationIn(world, call)
  if (installation.suspendedAt !== null) throw new ApiError(403, 'This installation has been suspended')
  const body = call.read(tokenRequest)
  const permissions: Permissions = body.permissions ?? installation.permissions
  if (!grants(installation.permissions, permissions)) {
    throw new ApiError(422, 'The permissions requested are not granted to this installation.')
  }
  const mine = repositoriesOf(world, installation)
  const wanted = [
    ...(body.repository_ids ?? []).map(id => mine.find(each => each.id === id)),
    ...(body.repositories ?? []).map(name => mine.find(each => each.name === name)),
  ]
  const repositories = wanted.filter(each => each !== undefined)
  if (repositories.length < wanted.length) {
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  }
  const isNarrowed = body.repository_ids !== undefined || body.repositories !== undefined
  const token = mintInstallationToken(world, {
    installation,
    permissions,
    repositoryIds: isNarrowed ? new Set(repositories.map(each => each.id)) : null,
  })
  return created({
    token: token.value,
    expires_at: token.expiresAt,
    permissions,
    repository_selection: isNarrowed || installation.repositoryIds !== null ? 'selected' : 'all',
    ...(isNarrowed ? { repositories: repositories.map(each => presentRepository(world, each)) } : {}),
  })
}
