import type { Clock } from './clock.ts'
import type { IdentityProvider } from './oidc/identity-provider.ts'
import type { Account, Team } from './world/account.ts'
import type { EventListener, WorldEvent } from './world/event.ts'
import type { GithubApp, Installation, RegisteredApp } from './world/github-app.ts'
import type { Repository } from './world/repository.ts'
import type { Token } from './world/token.ts'

/**
 * Everything that this GitHub knows, in memory; only what git keeps is in real repositories on disk.
 *
 * State is plain records in maps. What follows from a change is told by `emit`: webhooks and workflow runs both listen.
 */
export class World {
  readonly clock: Clock
  /** Signs the ID tokens of jobs. */
  readonly identity: IdentityProvider
  /** By lower-case login. */
  readonly accounts = new Map<string, Account>()
  /** By lower-case `owner/name`. */
  readonly repositories = new Map<string, Repository>()
  /** What repositories were called before, by lower-case `owner/name`: GitHub redirects from there until the name is taken again. */
  readonly formerNames = new Map<string, Repository>()
  readonly apps = new Map<number, GithubApp>()
  /** Apps that were registered from a manifest, by the code with which their secrets are fetched. */
  readonly registeredApps = new Map<string, RegisteredApp>()
  readonly installations = new Map<number, Installation>()
  readonly tokens = new Map<string, Token>()
  readonly #listeners = new Set<EventListener>()
  readonly #ids = new Map<string, number>()
  #serverUrl: string | undefined

  constructor(parts: { clock: Clock; identity: IdentityProvider }) {
    this.clock = parts.clock
    this.identity = parts.identity
  }

  now(): Date {
    return this.clock.now()
  }

  /**
   * The next id of a kind. Kinds start far apart, so that an id used for the wrong kind finds nothing instead of
   * something else.
   */
  nextId(kind: IdKind): number {
    const id = (this.#ids.get(kind) ?? FIRST_IDS[kind]) + 1
    this.#ids.set(kind, id)
    return id
  }

  /** `http://127.0.0.1:<port>`: pages, and git at `<serverUrl>/<owner>/<name>.git`. */
  get serverUrl(): string {
    if (this.#serverUrl === undefined) throw new Error('the sandbox has no address before it listens')
    return this.#serverUrl
  }

  set serverUrl(url: string) {
    this.#serverUrl = url
  }

  /** Where the REST API is, as on GitHub Enterprise Server: what jobs see as GITHUB_API_URL. */
  get apiUrl(): string {
    return `${this.serverUrl}/api/v3`
  }

  account(login: string): Account | undefined {
    return this.accounts.get(login.toLowerCase())
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.repositories.get(`${owner}/${name}`.toLowerCase())
  }

  repositoryById(id: number): Repository | undefined {
    return [...this.repositories.values()].find(repository => repository.id === id)
  }

  teamById(id: number): Team | undefined {
    return [...this.accounts.values()].flatMap(account => [...account.teams.values()]).find(team => team.id === id)
  }

  /** The built-in App in whose name jobs act. */
  get actionsApp(): GithubApp {
    const app = [...this.apps.values()].find(candidate => candidate.slug === 'github-actions')
    if (app === undefined) throw new Error('the world was not founded: the github-actions App is missing')
    return app
  }

  /** Calls `listener` with everything that happens from now on; gives the function that ends it. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

export type IdKind = keyof typeof FIRST_IDS

const FIRST_IDS = {
  account: 1_000,
  app: 20_000,
  installation: 30_000,
  team: 40_000,
  hook: 50_000,
  repository: 100_000,
  environment: 200_000,
  protection_rule: 250_000,
  branch_policy: 280_000,
  deployment: 1_000_000,
  deployment_status: 2_000_000,
  check_suite: 3_000_000,
  check_run: 4_000_000,
  commit_status: 5_000_000,
  issue: 6_000_000,
  comment: 7_000_000,
  reaction: 8_000_000,
  pull_request: 9_000_000,
  review: 10_000_000,
  delivery: 11_000_000,
  workflow: 12_000_000,
  run: 13_000_000,
  job: 14_000_000,
}
