import { generateKeyPairSync } from 'node:crypto'
import type { World } from '../world.ts'
import type { Account } from './account.ts'
import { addAccount } from './add-account.ts'
import type { AppWebhook, GithubApp, Installation } from './github-app.ts'
import type { Permissions } from './permission.ts'

export interface AppRegistration {
  readonly slug: string
  /** Default: the slug. */
  readonly name?: string
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
    name: registration.name ?? slug,
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
    suspendedAt: null,
  }
  world.installations.set(installation.id, installation)
  return installation
}
