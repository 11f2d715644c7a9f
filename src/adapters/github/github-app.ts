import { appPermissions } from '../../domain/app-needs.ts'
import { type DurationMs, durationMs, epochMs } from '../../domain/units.ts'
import type { CallBudget } from '../../ports/call-budget.ts'
import type { Clock } from '../../ports/clock.ts'
import { createAnswerCache } from './answer-cache.ts'
import { type AppCredentials, type AppJwt, createAppJwt } from './app-jwt.ts'
import { appPayload } from './app-payloads.ts'
import {
  createGithubCalls,
  createGithubClient,
  type GithubCalls,
  type GithubClient,
  type GithubRequester,
  type Remedies,
} from './github-client.ts'
import { createInstallationRequester } from './installation-requester.ts'
import { createInstallationTokens, type TokenPermissions } from './installation-tokens.ts'
import { type CredentialedRequester, createOctokitRequester } from './octokit-requester.ts'

/** Who the App is on GitHub. */
export interface AppIdentity {
  readonly id: number
  readonly slug: string
  /** What it is called where it acts: nobody else can have a login with brackets. */
  readonly login: string
}

/** A repository of an installation. */
export interface Place {
  /** The installation's id. */
  readonly tenant: number
  /** The repository's id: its name may change. */
  readonly repository: number
}

/** GitHub, as the App sees it. */
export interface GithubApp {
  /** GitHub is asked once. */
  identity(): Promise<AppIdentity>
  /** Asks as the App itself. */
  readonly calls: GithubCalls
  /** Asks about everything that an installation covers, with a token that only reads metadata. */
  callsFor(tenant: number): GithubCalls
  /**
   * Asks about one repository, with a token for it alone.
   *
   * @param permissions - what the token may; absent: what Ringway needs at most, as far as it was granted
   * @throws {RingwayError} `app_not_installed`
   */
  clientFor(place: Place, permissions?: TokenPermissions): Promise<GithubClient>
  /** Drops what is remembered of an installation: it was suspended, removed, or covers other repositories now. */
  forget(tenant: number): void
}

/** What an App on GitHub is made of. */
export interface GithubAppOptions extends AppCredentials {
  /** `https://api.github.com` */
  readonly apiUrl: string
  readonly clock: Clock
  readonly budget: CallBudget
  /** How long a call waits for its turn before it is an error. @default 15 s */
  readonly patience?: DurationMs
}

/** The most that Ringway does anywhere. */
const mostPermissions: TokenPermissions = Object.fromEntries(
  Object.entries(appPermissions).map(([key, { level }]) => [key, level]),
)

const remedies: Remedies = {
  unreachable: 'Look at githubstatus.com; what was not done is tried again by itself.',
  denied:
    "Compare the permissions of the App's installation with those that `ringway doctor` lists; one may be missing.",
}

/** @throws {RingwayError} `input_invalid` when the private key is none */
export function createGithubApp(options: GithubAppOptions): GithubApp {
  const { apiUrl, clock, budget, patience = durationMs(15_000) } = options
  const requester = createOctokitRequester(apiUrl)
  const ways = { sleep: (duration: DurationMs) => clock.sleep(duration), patience, remedies }
  const calls = createGithubCalls({ octokit: asApp(requester, createAppJwt(options, clock)), ...ways })
  const tokens = createInstallationTokens(calls, clock)
  const means = { requester, tokens, budget, clock, patience }

  // A renamed branch goes on answering to its old name.
  const branches = createAnswerCache<string>({ keptFor: 60_000, most: 1_000, monotonic: () => performance.now() })
  let identity: Promise<AppIdentity> | undefined
  return {
    calls,
    identity() {
      identity ??= readIdentity(calls)
      identity.catch(() => {
        identity = undefined
      })
      return identity
    },
    callsFor(tenant) {
      const octokit = createInstallationRequester(means, { tenant, permissions: { metadata: 'read' } })
      return createGithubCalls({ octokit, ...ways })
    },
    async clientFor({ tenant, repository }, permissions = mostPermissions) {
      const scope = { tenant, repository, permissions }
      const octokit = createInstallationRequester(means, scope, await tokens.of(scope))
      return createGithubClient({
        octokit,
        ...ways,
        rememberBranch: ask => branches.get(`${tenant}/${repository}`, ask),
        get owner() {
          return octokit.names()?.owner ?? ''
        },
        get repo() {
          return octokit.names()?.repo ?? ''
        },
      })
    },
    forget: tenant => tokens.forget(tenant),
  }
}

async function readIdentity(calls: GithubCalls): Promise<AppIdentity> {
  const { id, slug } = appPayload.parse((await calls.read('GET /app'))?.data)
  return { id, slug, login: `${slug}[bot]` }
}

/** A clock that goes wrong makes GitHub refuse what we sign: its own clock stands in the refusal. */
function asApp(requester: CredentialedRequester, jwt: AppJwt): GithubRequester {
  return {
    async request(route, parameters = {}) {
      try {
        return await requester.request(route, parameters, await jwt.current())
      } catch (error) {
        const githubNow = timeInRefusal(error)
        if (githubNow === undefined) throw error
        jwt.correct(githubNow)
        return await requester.request(route, parameters, await jwt.current())
      }
    },
  }
}

function timeInRefusal(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || error.status !== 401) return undefined
  const response = 'response' in error ? error.response : undefined
  const headers = typeof response === 'object' && response !== null && 'headers' in response ? response.headers : {}
  const date = typeof headers === 'object' && headers !== null && 'date' in headers ? headers.date : undefined
  const instant = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return Number.isNaN(instant) ? undefined : epochMs(instant)
}
