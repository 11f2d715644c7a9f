import type { Account } from './account.ts'
import type { Permissions } from './permission.ts'

/** A GitHub App. `webhook` is null where the App receives none. */
export interface GithubApp {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly clientId: string
  readonly owner: Account
  /** The account that acts for installations: `<slug>[bot]`. */
  readonly bot: Account
  /** SPKI in PEM: what the App's JWTs are verified against. */
  readonly publicKey: string
  readonly permissions: Permissions
  readonly events: readonly string[]
  webhook: AppWebhook | null
  readonly createdAt: Date
}

export interface AppWebhook {
  readonly id: number
  readonly url: string
  readonly secret: string
}

export interface Installation {
  readonly id: number
  readonly app: GithubApp
  readonly account: Account
  /** `null`: every repository of the account. */
  readonly repositoryIds: Set<number> | null
  permissions: Permissions
  readonly events: readonly string[]
  readonly createdAt: Date
  /** Since when nothing of it works; null while it works. */
  suspendedAt: Date | null
}

/** An App that was registered from a manifest, until its secrets are fetched. */
export interface RegisteredApp {
  readonly app: GithubApp
  /** PKCS #1 in PEM, as GitHub gives it. */
  readonly pem: string
  readonly clientSecret: string
  readonly webhookSecret: string | null
  readonly expiresAt: Date
}
