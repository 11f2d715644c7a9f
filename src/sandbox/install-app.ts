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
  announceInstallation(world, { installation, by, action: 'created' })
  return installation
}

/** Removes an installation: its tokens are worth nothing from here on. */
export function uninstallAndAnnounce(world: World, installation: Installation, by: Account): void {
  announceInstallation(world, { installation, by, action: 'deleted' })
  world.installations.delete(installation.id)
  for (const token of world.tokens.values()) {
    if (token.kind === 'installation' && token.installation === installation) world.tokens.delete(token.value)
  }
}

/** Suspends an installation, or lets it work again. */
export function suspendAndAnnounce(world: World, installation: Installation, by: Account): void {
  const isSuspended = installation.suspendedAt !== null
  installation.suspendedAt = isSuspended ? null : world.now()
  announceInstallation(world, { installation, by, action: isSuspended ? 'unsuspend' : 'suspend' })
}

function announceInstallation(
  world: World,
  { installation, by, action }: { installation: Installation; by: Account; action: string },
): void {
  const { app, account, repositoryIds } = installation
  const covered = [...world.repositories.values()].filter(
    ({ owner, id }) => owner === account && (repositoryIds?.has(id) ?? true),
  )
  world.emit({
    name: 'installation',
    action,
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
}
