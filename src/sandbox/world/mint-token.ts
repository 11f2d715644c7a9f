import { randomBytes } from 'node:crypto'
import type { World } from '../world.ts'
import type { Account } from './account.ts'
import type { Installation } from './github-app.ts'
import type { Permissions } from './permission.ts'
import type { Repository } from './repository.ts'
import type { InstallationToken, JobToken, UserToken } from './token.ts'

const HOUR_MS = 3_600_000

function letters(count: number): string {
  return randomBytes(count).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, count)
}

/** Tokens look like GitHub's, so that whoever redacts by prefix is tested for it. */
function personalToken(scopes: readonly string[] | undefined): string {
  return scopes === undefined ? `github_pat_${letters(22)}_${letters(59)}` : `ghp_${letters(36)}`
}

/** Since 2026 tokens of Apps and jobs have dots and some 520 characters: nobody may count on the old 40. */
function serverToken(): string {
  return `ghs_${letters(36)}.${letters(310)}.${letters(170)}`
}

/** @param scopes - of a classic token; `fine-grained`: a token of the other kind */
export function mintUserToken(
  world: World,
  user: Account,
  scopes: readonly string[] | 'fine-grained' = ['repo', 'workflow'],
): UserToken {
  const held = scopes === 'fine-grained' ? undefined : scopes
  const token: UserToken = { kind: 'user', value: personalToken(held), user, scopes: held, expiresAt: null }
  world.tokens.set(token.value, token)
  return token
}

export interface JobTokenRequest {
  readonly repository: Repository
  /** Exactly what the workflow's `permissions:` came to. */
  readonly permissions: Permissions
  readonly runId: number
  readonly jobId: number
  readonly triggeredBy: Account
  readonly expiresAt: Date
}

/** The `GITHUB_TOKEN` of one job; end it with `revokeToken` when the job ends. */
export function mintJobToken(world: World, request: JobTokenRequest): JobToken {
  const token: JobToken = { kind: 'job', value: serverToken(), ...request }
  world.tokens.set(token.value, token)
  return token
}

export interface InstallationTokenRequest {
  readonly installation: Installation
  readonly permissions: Permissions
  readonly repositoryIds: ReadonlySet<number> | null
}

export function mintInstallationToken(world: World, request: InstallationTokenRequest): InstallationToken {
  const token: InstallationToken = {
    kind: 'installation',
    value: serverToken(),
    ...request,
    expiresAt: new Date(world.now().getTime() + HOUR_MS),
  }
  world.tokens.set(token.value, token)
  return token
}

export function revokeToken(world: World, value: string): void {
  world.tokens.delete(value)
}
