import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addApi } from '../../app/api/add-api.ts'
import { openApi } from '../../app/api/open-api.ts'
import { openControl } from '../../app/control/open-control.ts'
import { openServer } from '../../app/http/open-server.ts'
import { openLog } from '../../app/log/open-log.ts'
import { createSystemClock } from '../../src/adapters/clock/system-clock.ts'
import { createGithubInstallations } from '../../src/adapters/github/installations.ts'
import { createLeases } from '../../src/adapters/postgres/leases.ts'
import type { Promotion } from '../../src/domain/promotion.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import type { RepositoryKey, RingKey } from '../../src/domain/ring-key.ts'
import { type CommitSha, commitSha, epochMs } from '../../src/domain/units.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import { learnRepositories } from '../../src/engine/tenants/learn-repositories.ts'
import type { ControlTransaction } from '../../src/ports/control-store.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import { type ApiAnswer, askerOf } from './api.ts'
import { readDescription } from './api-description.ts'
import { settingsOf } from './app-in-process.ts'
import { openAppOnGithub } from './app-on-github.ts'
import { artifactOf, deploymentOf, promotionOf } from './control-records.ts'
import { openSharedControlStore, type TestControlStore } from './control-store.ts'
import { openRehearsedGithub, type RehearsedGithub } from './rehearsed-github.ts'
import { digestOf } from './ring-records.ts'

/** Dev, then staging with one approval, then production, which only some may see. */
const solutionText = (name: string): string => `  ${name}:
    path: ${name}
    components:
      reply: { kind: agent, start: node reply.js }
    rings:
      dev: { accepts: drafts, deploy: { target: command, run: ./deploy.sh } }
      staging: { after: dev, deploy: { target: command, run: ./deploy.sh }, gates: { approvals: { count: 1 }, soak: 10m } }
      production: { after: staging, deploy: { target: command, run: ./deploy.sh }, who: { view: [write] } }
`

/** A solution of its own for a test, in the one repository. */
export interface StoredSolution {
  ring(name: string): RingKey
  /** Has versions 1 to `count` published, of the head of the default branch. */
  publish(count: number): Promise<void>
  /** Has a version become active in a ring. @returns its deployment */
  activate(ring: string, version: number, rest?: Partial<RingDeployment>): Promise<number>
  /** Has a promotion wait in a ring. */
  wait(ring: string, id: string, rest?: Partial<Promotion>): Promise<void>
  /** The path of a ring below the repository's own. */
  path(ring: string): string
}

/** The items of all pages, asked for by Bob. */
export async function everyItem(
  { ask, rehearsed }: StoredApi,
  path: string,
): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  for (let next: unknown = path; typeof next === 'string'; ) {
    const { body } = await ask(rehearsed.bob, `GET ${next}`)
    items.push(...Object(body).items)
    next = Object(body).next
  }
  return items
}

/** The API as the App wires it, on PostgreSQL and a rehearsed GitHub. */
export interface StoredApi extends AsyncDisposable {
  readonly rehearsed: RehearsedGithub
  readonly place: TestControlStore
  readonly control: ControlPorts
  readonly key: RepositoryKey
  readonly url: string
  /** Asks below the repository's own path, as a person: `ask(bob, 'GET /solutions')`. */
  readonly ask: (who: Account, route: string, options?: { body?: unknown; key?: string }) => Promise<ApiAnswer>
  readonly run: <T>(work: (tx: ControlTransaction) => Promise<T>) => Promise<T>
  solution(name: string): StoredSolution
}

/** Opens it for the tests of a file. */
export async function openStoredApi(solutions: readonly string[]): Promise<StoredApi> {
  const rehearsed = await openRehearsedGithub()
  const app = await openAppOnGithub(rehearsed)
  const place = await openSharedControlStore()
  const { store, database } = place
  const clock = createSystemClock()
  const settings = settingsOf(rehearsed, app, undefined)
  const url = 'http://ringway.example'
  const control = openControl({ settings, app: app.github, clock, store, leases: createLeases(database) })
  const key = { tenant: app.installation.id, repository: rehearsed.repository.id }
  await learnRepositories({ store, installations: createGithubInstallations(app.github) }, key.tenant)
  const head = await pushRingFile(rehearsed, `version: 1\nsolutions:\n${solutions.map(solutionText).join('')}`)
  const api = openApi({ settings, database, control, clock, url, examine: async () => [] })
  const server = await openServer({
    host: '127.0.0.1',
    port: 0,
    log: openLog({ level: 'silent', secrets: [] }),
    addRoutes: http => addApi(http, api),
  })
  const ask = askerOf(server.url, readDescription(await (await fetch(`${server.url}/v1/openapi.json`)).json()))
  const run: StoredApi['run'] = work => store.transaction(key, work)
  return {
    rehearsed,
    place,
    control,
    key,
    url: server.url,
    run,
    async ask(who, route, { body, key: once } = {}) {
      const [method = 'GET', path = ''] = route.split(' ')
      return await ask(`${method} ${path.startsWith('/v1/') ? path : `/v1/repos/acme/shop${path}`}`, {
        token: rehearsed.sandbox.tokenOf(who),
        ...(body === undefined ? {} : { body }),
        ...(once === undefined ? {} : { headers: { 'idempotency-key': once } }),
      })
    },
    solution: name => solutionOf(run, key, { name, head }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await place[Symbol.asyncDispose]()
      await rehearsed.close()
    },
  }
}

async function pushRingFile(rehearsed: RehearsedGithub, text: string): Promise<CommitSha> {
  const { clone } = rehearsed
  const git = (...args: string[]): Promise<string> => rehearsed.git(...args)
  await mkdir(join(clone, '.github'))
  await writeFile(join(clone, '.github/rings.yml'), text)
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'rings')
  await git('push', '--quiet', 'origin', 'main')
  return commitSha(await git('rev-parse', 'HEAD'))
}

function solutionOf(
  run: StoredApi['run'],
  key: RepositoryKey,
  { name: solution, head }: { readonly name: string; readonly head: CommitSha },
): StoredSolution {
  const ring = (name: string): RingKey => ({ ...key, solution, ring: name })
  const named = (version: number) => ({ version, digest: digestOf(version), commit: head })
  return {
    ring,
    path: name => `/solutions/${solution}/rings/${name}`,
    publish: count =>
      run(async tx => {
        for (let version = 1; version <= count; version += 1) {
          await tx.artifacts.put(artifactOf(ring('dev'), { ...named(version), content: digestOf(100 + version) }))
        }
      }),
    activate: (name, version, rest) =>
      run(async tx => {
        const { pointer } = await tx.rings.lock(ring(name), name)
        const before = await tx.deployments.read(pointer.deployment)
        if (before !== undefined) await tx.deployments.save({ ...before, state: 'superseded' })
        const id = `${solution}-${name}-${pointer.revision}`
        await tx.promotions.add(promotionOf(ring(name), { id, candidate: named(version), state: 'done' }))
        const at = epochMs(1_700_000_000_000 + pointer.revision)
        const made = { ...named(version), promotion: id, createdAt: at, activatedAt: at }
        const deployment = await tx.deployments.add(deploymentOf(ring(name), { ...made, state: 'active', ...rest }))
        await tx.rings.point(ring(name), { name, deployment, revision: pointer.revision + 1 })
        await tx.events.append({ type: 'deployment.active', key: ring(name), data: { deployment } })
        return deployment
      }),
    wait: (name, id, rest) =>
      run(async tx => {
        await tx.rings.lock(ring(name), name)
        await tx.promotions.add(promotionOf(ring(name), { id, candidate: named(1), state: 'gated', ...rest }))
      }),
  }
}
