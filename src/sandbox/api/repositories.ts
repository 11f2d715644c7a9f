import { foldedPermission, includesRole, type Role } from '../world/role.ts'
import { roleIn } from './access.ts'
import { userOf } from './actor.ts'
import { found } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentInstallation } from './present/installation.ts'
import { presentFullRepository, presentRepository } from './present/repository.ts'
import { presentUser } from './present/user.ts'
import { noContent, ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

export const repositoryRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    needs: { metadata: 'read' },
    handle: ({ repository, actor }) =>
      ok({
        ...presentFullRepository(world, repository),
        ...(actor.kind === 'user' ? { permissions: permissionFlags(roleIn(repository, actor.user)) } : {}),
      }),
  })
  server.plainRoute({
    method: 'GET',
    path: '/user/repos',
    by: 'signed_in',
    handle: call => {
      const user = userOf(call.actor)
      // What is open to everybody belongs to nobody for that.
      const own = [...world.repositories.values()].filter(
        each => roleIn({ ...each, private: true }, user) !== undefined,
      )
      return pageOf(call, {
        all: own,
        present: each => ({ ...presentRepository(world, each), permissions: permissionFlags(roleIn(each, user)) }),
      })
    },
  })
  server.plainRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    by: 'app',
    handle: call => {
      const repository = found(world.repository(call.param('owner'), call.param('repo')))
      const installation = [...world.installations.values()].find(
        each =>
          call.actor.kind === 'app' &&
          each.app === call.actor.app &&
          each.account === repository.owner &&
          (each.repositoryIds === null || each.repositoryIds.has(repository.id)),
      )
      return ok(presentInstallation(world, found(installation)))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}',
    needs: { metadata: 'read' },
    handle: ({ repository, param }) => {
      const account = found(world.account(param('username')))
      // A public repository is open to everybody, which makes nobody a collaborator.
      const isCollaborator = roleIn({ ...repository, private: true }, account) !== undefined
      return isCollaborator ? noContent() : { status: 404 }
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    needs: { metadata: 'read' },
    handle: ({ repository, param }) => {
      const account = found(world.account(param('username')))
      const role = roleIn(repository, account)
      return ok({
        permission: foldedPermission(role),
        role_name: role ?? 'none',
        user: { ...presentUser(world, account), permissions: permissionFlags(role), role_name: role ?? 'none' },
      })
    },
  })
}

function permissionFlags(role: Role | undefined): Record<string, boolean> {
  return {
    admin: includesRole(role, 'admin'),
    maintain: includesRole(role, 'maintain'),
    push: includesRole(role, 'write'),
    triage: includesRole(role, 'triage'),
    pull: includesRole(role, 'read'),
  }
}
