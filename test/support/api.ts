import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { addApi } from '../../app/api/add-api.ts'
import type { RingGuard } from '../../app/api/admit.ts'
import { authenticate } from '../../app/api/authenticate.ts'
import type { ApiRoute } from '../../app/api/route.ts'
import type { RouteServices } from '../../app/api/routes.ts'
import { openServer } from '../../app/http/open-server.ts'
import { createActionsTokenVerifier } from '../../src/adapters/oidc/verify-actions-token.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { emptyChain } from '../../src/domain/audit/audit-entry.ts'
import type { GithubRole } from '../../src/domain/policy/grant.ts'
import { mayDo } from '../../src/domain/policy/may-do.ts'
import { ringGrants } from '../../src/domain/policy/ring-grants.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { epochMs } from '../../src/domain/units.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import type { IdempotentAnswers } from '../../src/ports/idempotent-answers.ts'
import type { ReplayGuard } from '../../src/ports/replay-guard.ts'
import type { RepositoryDirectory } from '../../src/ports/repository-directory.ts'
import type { NamedRepository, UserTokens } from '../../src/ports/user-tokens.ts'
import { openSandbox } from '../../src/sandbox/sandbox.ts'
import { type ApiDescription, readDescription } from './api-description.ts'

/** The tenant of the organisation acme has `shop`; that of globex has `vault`. `acme/bare` is a repository without the App. */
export const shop: NamedRepository = { tenant: 7, repository: 99, owner: 'acme', name: 'shop' }
export const vault: NamedRepository = { tenant: 8, repository: 500, owner: 'globex', name: 'vault' }

/** A person with a role in some repositories; the token may read only unless it `mayWrite`. */
export interface TestPerson {
  readonly id: number
  readonly login: string
  readonly roles: ReadonlyMap<number, GithubRole>
  readonly mayWrite: boolean
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** A request of a test. Its answer is compared with the description that the API serves. */
export type Ask = (
  route: string,
  options?: { token?: string; body?: unknown; headers?: Record<string, string> },
) => Promise<ApiAnswer>

export interface TestApi {
  readonly url: string
  readonly audience: string
  readonly ask: Ask
  readonly description: ApiDescription
  /** Makes somebody's token. */
  person(person: Partial<TestPerson> & { readonly role?: GithubRole; readonly in?: NamedRepository }): string
  /** Makes a fresh token of a run. */
  run(claims?: Record<string, string>): Promise<string>
  close(): Promise<void>
}

const ringFile = `version: 1
solutions:
  support:
    components:
      reply: { kind: agent, start: node reply.js }
    rings:
      staging: { deploy: { target: command, run: ./deploy.sh } }
      production: { after: staging, deploy: { target: command, run: ./deploy.sh } }
`

/** For tests of everything around what routes do. */
const nothingToControl: ControlPorts = new Proxy(Object.create(null), {
  get(_, name) {
    throw new Error(`A test of the API's frame reached what is behind it: ${String(name)}.`)
  },
})

/** The App's own server with an API of these routes, on GitHub as it is told here. */
export async function openTestApi(
  routes: (services: RouteServices) => readonly ApiRoute[],
  options: { readonly answers?: IdempotentAnswers; readonly replayGuard?: ReplayGuard } = {},
): Promise<TestApi> {
  const sandbox = await openSandbox()
  const people = new Map<string, TestPerson>()
  const audience = 'https://ringway.acme.test'
  const userTokens = userTokensOf(people)
  const directory = directoryOf([shop, vault])
  const actionsTokens = createActionsTokenVerifier({
    issuer: sandbox.url,
    audience,
    replayGuard: options.replayGuard ?? onceEach(),
    now: () => epochMs(Date.now()),
    monotonic: () => performance.now(),
  })
  const server = await openServer({
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
    addRoutes: http =>
      addApi(http, {
        routes: routes({
          directory,
          control: nothingToControl,
          examine: async () => [],
          verifyAudit: async () => ({ kind: 'whole', entries: 0, head: emptyChain }),
          subscribers: { reach: 'public' },
        }),
        answers: options.answers ?? keptInMemory(),
        admission: {
          directory,
          ringGuard: guardOf(people),
          authenticate: header => authenticate({ actionsTokens, userTokens, audience }, header),
        },
      }),
  })
  const description = readDescription(await (await fetch(`${server.url}/v1/openapi.json`)).json())
  let number = 0
  return {
    url: server.url,
    audience,
    description,
    ask: askerOf(server.url, description),
    person({ role, in: repository = shop, ...given }) {
      number += 1
      const token = `ghp_${String(number).padStart(36, 'x')}`
      const roles = role === undefined ? new Map<number, GithubRole>() : new Map([[repository.repository, role]])
      people.set(token, { id: 40 + number, login: `person-${number}`, mayWrite: true, roles, ...given })
      return token
    },
    async run(claims = {}) {
      const requestToken = sandbox.world.identity.admit({
        claims: () => ({ ...runClaims, ...claims }),
        defaultAudience: 'x',
      })
      const now = new Date()
      const token = await sandbox.world.identity.idToken({ requestToken, audience, issuer: sandbox.url, now })
      return token ?? ''
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}

const runClaims = {
  sub: 'repo:acme/shop:environment:production',
  repository: 'acme/shop',
  repository_id: '99',
  repository_owner_id: '7',
  run_id: '1234',
  run_attempt: '1',
  event_name: 'workflow_dispatch',
  ref: 'refs/heads/main',
  workflow_ref: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
  environment: 'production',
  sha: 'a'.repeat(40),
  actor_id: '42',
  actor: 'alice',
  runner_environment: 'github-hosted',
}

/** Asks an API, and compares each answer with the description that it serves. */
export function askerOf(url: string, description: ApiDescription): Ask {
  return async (route, { token, body, headers } = {}) => {
    const [method = 'GET', path = ''] = route.split(' ')
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answer = { status: response.status, headers: response.headers, body: await response.json() }
    description.check({ method, path, ...answer })
    return answer
  }
}

function userTokensOf(people: ReadonlyMap<string, TestPerson>): UserTokens {
  return {
    owner: async token => people.get(token),
    role: async (token, { repository }) => people.get(token)?.roles.get(repository),
    repositories: async token => people.get(token)?.roles ?? new Map(),
  }
}

function directoryOf(all: readonly NamedRepository[]): RepositoryDirectory {
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
  return {
    byName: async (owner, name) => all.find(each => same(each.owner, owner) && same(each.name, name)),
    byId: async id => all.find(each => each.repository === id),
    among: async ids => all.filter(each => ids.includes(each.repository)),
  }
}

/** Decides by the ring file and the people's roles, as the App does with what GitHub says. */
function guardOf(people: ReadonlyMap<string, TestPerson>): RingGuard {
  const reading = readRingFile(ringFile)
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems))
  return {
    async may({ id, login }, action, key) {
      const solution = reading.ringFile.solutions.find(each => each.name === key.solution)
      const ring = solution?.rings.find(each => each.name === key.ring)
      if (solution === undefined || ring === undefined) {
        throw new RingwayError({ code: 'unknown_ring', message: `There is no ring ${key.ring}.`, remedy: 'Look.' })
      }
      const roleName = [...people.values()].find(each => each.id === id)?.roles.get(key.repository)
      return mayDo({ id, login, kind: 'user', roleName, teams: [] }, action, ringGrants(solution, ring, []))
    },
  }
}

function onceEach(): ReplayGuard {
  const used = new Set<string>()
  return { use: async id => !used.has(id) && used.add(id).size > 0 }
}

function keptInMemory(): IdempotentAnswers {
  const kept = new Map<string, { sha256: string; answer?: { status: number; body: string } | undefined }>()
  return {
    async begin({ sender, key, sha256 }) {
      const name = `${sender}\n${key}`
      const known = kept.get(name)
      if (known === undefined) kept.set(name, { sha256 })
      if (known === undefined) return { kind: 'first' }
      if (known.sha256 !== sha256) return { kind: 'other' }
      return known.answer === undefined ? { kind: 'underway' } : { kind: 'answered', answer: known.answer }
    },
    async conclude({ sender, key, sha256 }, answer) {
      const name = `${sender}\n${key}`
      if (answer === undefined) kept.delete(name)
      else kept.set(name, { sha256, answer })
    },
  }
}

/** A key that no request had. */
export const freshKey = (): string => randomUUID()
