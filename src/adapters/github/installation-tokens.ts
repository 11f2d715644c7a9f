import { RingwayError } from '../../domain/ringway-error.ts'
import type { EpochMs } from '../../domain/units.ts'
import type { Clock } from '../../ports/clock.ts'
import { installationPayload, tokenPayload } from './app-payloads.ts'
import type { GithubCalls } from './github-client.ts'

/** What a token may, by GitHub's key. */
export type TokenPermissions = Readonly<Record<string, 'read' | 'write'>>

/** Where a token is good, and for what: never more than one repository, except to list them. */
export interface TokenScope {
  readonly tenant: number
  /** An id; a name of the tenant's account, where only that is known; absent: every repository of the installation. */
  readonly repository?: number | string | undefined
  readonly permissions: TokenPermissions
}

/** A token, and what GitHub said when it gave it. */
export interface InstallationToken {
  readonly value: string
  readonly mintedAt: EpochMs
  /** What the one repository is called now. */
  readonly names: { readonly owner: string; readonly repo: string } | undefined
}

/** Tokens of installations, kept in memory only. */
export interface InstallationTokens {
  /**
   * One that is good for another five minutes at least, as far as we know.
   *
   * @throws {RingwayError} `app_not_installed` when there is no installation, or it does not cover the repository
   */
  of(scope: TokenScope): Promise<InstallationToken>
  /** Another one than `instead`, which GitHub takes no longer or whose names are old. */
  renew(scope: TokenScope, instead: InstallationToken): Promise<InstallationToken>
  /** Drops every token of an installation: it was suspended, removed, or covers other repositories now. */
  forget(tenant: number): void
}

/**
 * Milliseconds. GitHub's tokens live an hour, of which the last five minutes are for calls that have begun. Counted from when it came, by
 * our clock alone: the instant that GitHub names would have a clock that is wrong ask for a token with every call.
 */
const usable = 55 * 60_000
/** Milliseconds that a no is remembered of a repository that is asked for by its name: the organisation's own files, which few share with the App. */
const remembered = 5 * 60_000
const mintRoute = 'POST /app/installations/{installation_id}/access_tokens'

/** @param app - GitHub, asked as the App */
export function createInstallationTokens(app: GithubCalls, clock: Clock): InstallationTokens {
  const kept = new Map<string, { readonly tenant: number; readonly token: Promise<InstallationToken> }>()

  const refused = new Map<string, { readonly tenant: number; readonly at: number; readonly error: RingwayError }>()

  const mint = async (scope: TokenScope): Promise<InstallationToken> => {
    const token = await request(app, scope)
    if (token !== 'not_granted') return { ...token, mintedAt: clock.now() }
    const narrowed = await request(app, { ...scope, permissions: await grantedOf(app, scope) })
    if (narrowed === 'not_granted') throw notInstalled(scope, 'it was granted none of the permissions asked for')
    return { ...narrowed, mintedAt: clock.now() }
  }

  const keep = (scope: TokenScope): Promise<InstallationToken> => {
    const key = keyOf(scope)
    const entry = { tenant: scope.tenant, token: mint(scope) }
    kept.set(key, entry)
    entry.token.catch((error: unknown) => {
      if (kept.get(key) === entry) kept.delete(key)
      const isNo = error instanceof RingwayError && error.code === 'app_not_installed'
      if (isNo && typeof scope.repository === 'string') {
        refused.set(key, { tenant: scope.tenant, at: clock.now(), error })
      }
    })
    return entry.token
  }

  return {
    async of(scope) {
      const no = refused.get(keyOf(scope))
      if (no !== undefined && clock.now() - no.at < remembered) throw no.error
      const token = await (kept.get(keyOf(scope))?.token ?? keep(scope))
      return clock.now() - token.mintedAt < usable ? token : await this.renew(scope, token)
    },
    async renew(scope, instead) {
      const current = kept.get(keyOf(scope))?.token
      // Of many calls that find the same token ended, the first renews it for all.
      if (current !== undefined && (await current) !== instead) return await current
      return await (kept.get(keyOf(scope))?.token === current ? keep(scope) : this.of(scope))
    },
    forget(tenant) {
      for (const known of [kept, refused]) {
        for (const [key, entry] of known) if (entry.tenant === tenant) known.delete(key)
      }
    },
  }
}

function keyOf({ tenant, repository, permissions }: TokenScope): string {
  return JSON.stringify([tenant, repository, Object.entries(permissions).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

async function request(
  app: GithubCalls,
  scope: TokenScope,
): Promise<Omit<InstallationToken, 'mintedAt'> | 'not_granted'> {
  const { tenant, repository, permissions } = scope
  return await app.change<Omit<InstallationToken, 'mintedAt'> | 'not_granted'>({
    route: mintRoute,
    parameters: {
      installation_id: tenant,
      permissions,
      ...(typeof repository === 'number' ? { repository_ids: [repository] } : {}),
      ...(typeof repository === 'string' ? { repositories: [repository] } : {}),
    },
    decode: data => {
      const { token, repositories } = tokenPayload.parse(data)
      const [only] = repositories ?? []
      const names = repository === undefined || only === undefined ? undefined : namesOf(only)
      return { value: token, names }
    },
    answers: (status, message) => {
      if (status === 422 && /permission/i.test(message)) return 'not_granted'
      // A suspended installation is a 403.
      if ([403, 404, 422].includes(status)) throw notInstalled(scope, message)
      return undefined
    },
  })
}

function namesOf(repository: { name: string; owner: { login: string } }): InstallationToken['names'] {
  return { owner: repository.owner.login, repo: repository.name }
}

/** What of the wanted permissions the installation was granted: an owner may not have accepted a newer one yet. */
async function grantedOf(app: GithubCalls, { tenant, permissions }: TokenScope): Promise<TokenPermissions> {
  const answer = await app.read('GET /app/installations/{installation_id}', { installation_id: tenant })
  const granted = answer === undefined ? {} : installationPayload.parse(answer.data).permissions
  const levels = ['read', 'write', 'admin']
  return Object.fromEntries(
    Object.entries(permissions).flatMap(([key, wanted]) => {
      const has = granted[key]
      if (has === undefined) return []
      return [[key, levels.indexOf(has) >= levels.indexOf(wanted) ? wanted : 'read']]
    }),
  )
}

function notInstalled({ tenant, repository }: TokenScope, words: string): RingwayError {
  const where = repository === undefined ? '' : ` for repository ${repository}`
  return new RingwayError({
    code: 'app_not_installed',
    message: `GitHub gives no token of installation ${tenant}${where}: ${words}`,
    remedy: "Look at the App's installation in the account's settings: it must be active and cover the repository.",
    facts: { tenant },
  })
}
