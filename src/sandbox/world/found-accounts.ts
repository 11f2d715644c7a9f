import { generateKeyPairSync } from 'node:crypto'
import type { World } from '../world.ts'
import type { Account, Team, TeamMember } from './account.ts'
import type { AppWebhook, GithubApp, Installation } from './github-app.ts'
import type { Permissions } from './permission.ts'

export function addAccount(
  world: World,
  request: { login: string; type: Account['type']; name?: string; id?: number },
): Account {
  if (world.account(request.login) !== undefined) {
    throw new TypeError(`expected a login that nobody has yet, got "${request.login}"`)
  }
  const account: Account = {
    id: request.id ?? world.nextId('account'),
    login: request.login,
    type: request.type,
    name: request.name ?? null,
    createdAt: world.now(),
    members: new Map(),
    teams: new Map(),
    variables: new Map(),
    secrets: new Map(),
  }
  world.accounts.set(request.login.toLowerCase(), account)
  return account
}

export function addTeam(
  world: World,
  request: { organization: Account; slug: string; members: readonly TeamMember[] },
): Team {
  const { organization, slug } = request
  const team: Team = {
    id: world.nextId('team'),
    slug,
    name: slug,
    organization,
    members: new Map(request.members.map(member => [member.account.id, member])),
  }
  organization.teams.set(slug, team)
  // Whoever is in a team is in its organisation.
  for (const { account } of request.members) {
    if (!organization.members.has(account.id)) organization.members.set(account.id, { account, role: 'member' })
  }
  return team
}

export interface AppRegistration {
  readonly slug: string
  readonly owner: Account
  readonly permissions: Permissions
  readonly events: readonly string[]
  readonly webhook?: Omit<AppWebhook, 'id'>
  readonly id?: number
  readonly botId?: number
}

/** Registers an App with a fresh key; the private key is given out once, as on GitHub. */
export function registerApp(world: World, registration: AppRegistration): { app: GithubApp; privateKey: string } {
  const { slug, owner, permissions, events, webhook } = registration
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const id = registration.id ?? world.nextId('app')
  const bot = addAccount(world, {
    login: `${slug}[bot]`,
    type: 'Bot',
    ...(registration.botId === undefined ? {} : { id: registration.botId }),
  })
  const app: GithubApp = {
    id,
    slug,
    name: slug,
    clientId: `Iv23${id.toString(36).padStart(16, '0')}`,
    owner,
    bot,
    publicKey: keys.publicKey,
    permissions,
    events,
    webhook: webhook === undefined ? null : { id: world.nextId('hook'), ...webhook },
    createdAt: world.now(),
  }
  world.apps.set(id, app)
  return { app, privateKey: keys.privateKey }
}

/** Installs an App on an account: on all of its repositories, or on those of these ids. */
export function installApp(
  world: World,
  request: { app: GithubApp; account: Account; repositoryIds?: readonly number[] },
): Installation {
  const { app, account } = request
  const installation: Installation = {
    id: world.nextId('installation'),
    app,
    account,
    repositoryIds: request.repositoryIds === undefined ? null : new Set(request.repositoryIds),
    permissions: app.permissions,
    events: app.events,
    createdAt: world.now(),
  }
  world.installations.set(installation.id, installation)
  return installation
}

/** The ids that GitHub's own Actions App and its bot have, because programs compare them. */
const ACTIONS_APP_ID = 15_368
const ACTIONS_BOT_ID = 41_898_282

/** Adds what every GitHub has from the start: the App that acts for jobs. */
export function foundWorld(world: World): void {
  registerApp(world, {
    slug: 'github-actions',
    id: ACTIONS_APP_ID,
    botId: ACTIONS_BOT_ID,
    owner: addAccount(world, { login: 'github', type: 'Organization', id: 9_919 }),
    permissions: { actions: 'write', checks: 'write', contents: 'write', deployments: 'write', statuses: 'write' },
    events: [],
  })
}
