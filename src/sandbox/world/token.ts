import type { Account } from './account.ts'
import type { Installation } from './github-app.ts'
import type { Permissions } from './permission.ts'
import type { Repository } from './repository.ts'

/** A personal access token: it may what its user may. */
export interface UserToken {
  readonly kind: 'user'
  readonly value: string
  readonly user: Account
  /** What a classic token is for; a fine-grained one has none, and GitHub does not tell what that is for. */
  readonly scopes: readonly string[] | undefined
  readonly expiresAt: Date | null
}

/** The `GITHUB_TOKEN` of one job. */
export interface JobToken {
  readonly kind: 'job'
  readonly value: string
  readonly repository: Repository
  readonly permissions: Permissions
  readonly runId: number
  readonly jobId: number
  /** Who triggered the run. */
  readonly triggeredBy: Account
  readonly expiresAt: Date
}

export interface InstallationToken {
  readonly kind: 'installation'
  readonly value: string
  readonly installation: Installation
  readonly permissions: Permissions
  /** `null`: every repository of the installation. */
  readonly repositoryIds: ReadonlySet<number> | null
  readonly expiresAt: Date
}

export type Token = UserToken | JobToken | InstallationToken
