import { pressCheckAction } from './checks/announce-check-run.ts'
import { foundRepository, type RepositoryRequest } from './found-repository.ts'
import { type InstallRequest, installAndAnnounce, suspendAndAnnounce, uninstallAndAnnounce } from './install-app.ts'
import type { Account, Team } from './world/account.ts'
import { addAccount, addTeam } from './world/add-account.ts'
import type { GithubApp, Installation } from './world/github-app.ts'
import { mintUserToken } from './world/mint-token.ts'
import { type NewSetting, putSettingOf } from './world/put-setting-of.ts'
import { type AppRegistration, registerApp } from './world/register-app.ts'
import { renameRepository } from './world/rename-repository.ts'
import { fullName, type Repository } from './world/repository.ts'
import type { World } from './world.ts'

/** What people do on GitHub's pages and not through its API. */
export interface Founding {
  addUser(login: string): Account
  addOrganization(login: string, members?: readonly { account: Account; role: 'admin' | 'member' }[]): Account
  addTeam(organization: Account, team: { slug: string; members: readonly Account[] }): Team
  createRepository(request: RepositoryRequest): Promise<Repository>
  /** Registers an App; its private key is given out here and nowhere else. */
  registerApp(registration: AppRegistration): { app: GithubApp; privateKey: string }
  installApp(request: InstallRequest): Installation
  uninstallApp(installation: Installation, by: Account): void
  /** Suspends an installation, or lets it work again. */
  suspendApp(installation: Installation, by: Account): void
  renameRepository(repository: Repository, to: { name: string; by: Account }): void
  /** Sets a secret of an organisation, a repository or one of its environments, which the API would want sealed. */
  setSecret(owner: Repository | Account, secret: NewSetting): void
  setVariable(owner: Repository | Account, variable: NewSetting): void
  /** Presses a button of a check run, as people do on its page. */
  pressButton(repository: Repository, press: { checkRunId: number; identifier: string; by: Account }): void
  /** A personal access token. */
  tokenOf(user: Account, scopes?: readonly string[] | 'fine-grained'): string
  /** An address for git that carries a token. */
  cloneUrl(repository: Repository, token: string): string
}

/** Repositories that are made get their git directories below `directory`. */
export function createFounding(world: World, directory: string): Founding {
  return {
    addUser: login => addAccount(world, { login, type: 'User' }),
    addOrganization(login, members = []) {
      const organization = addAccount(world, { login, type: 'Organization' })
      for (const member of members) organization.members.set(member.account.id, member)
      return organization
    },
    addTeam: (organization, { slug, members }) =>
      addTeam(world, { organization, slug, members: members.map(account => ({ account, role: 'member' })) }),
    createRepository: request => foundRepository(world, directory, request),
    registerApp: registration => registerApp(world, registration),
    installApp: request => installAndAnnounce(world, request),
    uninstallApp: (installation, by) => uninstallAndAnnounce(world, installation, by),
    suspendApp: (installation, by) => suspendAndAnnounce(world, installation, by),
    renameRepository: (repository, to) => renameRepository(world, repository, to),
    setSecret: (owner, setting) => putSettingOf(world, { owner, kind: 'secrets', setting }),
    setVariable: (owner, setting) => putSettingOf(world, { owner, kind: 'variables', setting }),
    pressButton(repository, { checkRunId, identifier, by }) {
      const run = repository.checkRuns.find(each => each.id === checkRunId)
      if (run === undefined) throw new TypeError(`expected a check run of ${fullName(repository)}, got ${checkRunId}`)
      pressCheckAction(world, { repository, run, identifier, actor: { kind: 'user', user: by } })
    },
    tokenOf: (user, scopes) => mintUserToken(world, user, scopes).value,
    cloneUrl(repository, token) {
      const url = new URL(`${world.serverUrl}/${repository.owner.login}/${repository.name}.git`)
      url.username = 'x-access-token'
      url.password = token
      return url.href
    },
  }
}
