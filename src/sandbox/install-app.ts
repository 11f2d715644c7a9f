import { presentInstallation } from './api/present/installation.ts'
import { nodeId } from './api/present/node-id.ts'
import type { Account } from './world/account.ts'
import type { GithubApp, Installation } from './world/github-app.ts'
import { installApp } from './world/register-app.ts'
import { fullName, type Repository } from './world/repository.ts'
import type { World } from './world.ts'

export interface InstallRequest {
  readonly app: GithubApp
  readonly account: Account
  /** Only these; without them every repository that the account has or will have. */
  readonly repositories?: readonly Repository[]
  /** Who clicks. */
  readonly by: Account
}

/** Installs an App and tells it so. */
export function installAndAnnounce(world: World, request: InstallRequest): Installation {
  const { app, account, by, repositories } = request
  const installation = installApp(world, {
    app,
    account,
    ...(repositories === undefined ? {} : { repositoryIds: repositories.map(({ id }) => id) }),
  })
  const covered = repositories ?? [...world.repositories.values()].filter(({ owner }) => owner === account)
  world.emit({
    name: 'installation',
    action: 'created',
    repository: null,
    sender: by,
    byJobToken: false,
    onlyApp: app,
    body: {
      installation: presentInstallation(world, installation),
      repositories: covered.map(repository => ({
        id: repository.id,
        node_id: nodeId('R', repository.id),
        name: repository.name,
        full_name: fullName(repository),
        private: repository.private,
      })),
      requester: null,
    },
  })
  return installation
}
