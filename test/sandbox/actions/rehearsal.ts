import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Actions, openActions } from '../../../src/sandbox/actions/actions.ts'
import type { RunnerTimings } from '../../../src/sandbox/actions/runner/timings.ts'
import { currentAttempt, type WorkflowRun } from '../../../src/sandbox/actions/runs/workflow-run.ts'
import { createHttpServer } from '../../../src/sandbox/api/http-server.ts'
import { createApiServer } from '../../../src/sandbox/api/server.ts'
import { machineClock } from '../../../src/sandbox/clock.ts'
import { noFaults } from '../../../src/sandbox/faults/no-faults.ts'
import { createGitRepository } from '../../../src/sandbox/git/git-repository.ts'
import { IdentityProvider } from '../../../src/sandbox/oidc/identity-provider.ts'
import { addIdentityRoutes } from '../../../src/sandbox/oidc/identity-routes.ts'
import { eventPayload } from '../../../src/sandbox/webhooks/payload.ts'
import type { Account } from '../../../src/sandbox/world/account.ts'
import { addAccount } from '../../../src/sandbox/world/add-account.ts'
import { addRepository } from '../../../src/sandbox/world/add-repository.ts'
import { foundWorld } from '../../../src/sandbox/world/found-world.ts'
import { mintUserToken } from '../../../src/sandbox/world/mint-token.ts'
import { installApp } from '../../../src/sandbox/world/register-app.ts'
import type { Repository } from '../../../src/sandbox/world/repository.ts'
import { World } from '../../../src/sandbox/world.ts'
import { createSchemaCheck } from './schema-check.ts'
import { serveGit } from './serve-git.ts'

export interface Rehearsal {
  readonly world: World
  readonly actions: Actions
  readonly repository: Repository
  readonly alice: Account
  readonly bob: Account
  /** Commits files to a branch and tells the world of the push. */
  push(files: Record<string, string>, options?: { branch?: string; message?: string; by?: Account }): Promise<string>
  api(
    method: string,
    path: string,
    options?: { body?: unknown; token?: string },
  ): Promise<{ status: number; body: unknown }>
  tokenOf(account: Account): string
  /** The only run so far, or the newest, when it has ended. */
  finished(run?: WorkflowRun): Promise<WorkflowRun>
  newest(): Promise<WorkflowRun>
  close(): Promise<void>
}

const GIT_ENVIRONMENT = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Alice',
  GIT_AUTHOR_EMAIL: 'alice@example.com',
  GIT_COMMITTER_NAME: 'Alice',
  GIT_COMMITTER_EMAIL: 'alice@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** A world with one organisation, two people and one repository, and Actions over it. */
export async function openRehearsal(
  options: { slots?: number; actions?: Record<string, string>; timings?: Partial<RunnerTimings> } = {},
): Promise<Rehearsal> {
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  const world = new World({ clock: machineClock, identity: await IdentityProvider.create() })
  foundWorld(world)
  const acme = addAccount(world, { login: 'acme', type: 'Organization' })
  const alice = addAccount(world, { login: 'alice', type: 'User' })
  const bob = addAccount(world, { login: 'bob', type: 'User' })
  for (const account of [alice, bob]) acme.members.set(account.id, { account, role: 'member' })
  const git = await createGitRepository(join(directory, 'shop.git'), 'main')
  const repository = addRepository(world, {
    owner: acme,
    name: 'shop',
    git,
    defaultBranch: 'main',
    collaborators: [
      { account: alice, role: 'admin' },
      { account: bob, role: 'write' },
    ],
  })
  const actions = openActions({
    world,
    directory,
    ...(options.slots === undefined ? {} : { slots: options.slots }),
    ...(options.actions === undefined ? {} : { actions: options.actions }),
    timings: { interruptMs: 200, terminateMs: 200, streamsMs: 200, ...options.timings },
  })
  const http = createHttpServer()
  const schemas = createSchemaCheck()
  const { observe } = schemas
  const installation = installApp(world, { app: world.actionsApp, account: acme })
  world.subscribe(event => {
    // These tests make up pushes and pull requests with no more in them than starts a run.
    if (event.silent === true || event.name === 'push' || event.name === 'pull_request') return
    observe({ kind: 'webhook', event: event.name, payload: eventPayload(world, event, installation) })
  })
  actions.routes(createApiServer(http, { world, observe, interceptor: noFaults }), { world })
  addIdentityRoutes(http, world)
  serveGit(http, world)
  world.serverUrl = await http.listen({ host: '127.0.0.1', port: 0 })

  const tree = join(directory, 'tree')
  const run = (...args: string[]) =>
    execFileSync('git', args, { cwd: tree, env: GIT_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim()
  mkdirSync(tree)
  run('init', '--quiet', '--initial-branch=main')
  run('remote', 'add', 'origin', git.directory)

  const newest = async () => {
    await actions.runs.settled()
    const [found] = actions.runs.of(repository)
    if (found === undefined) throw new Error('no run was started')
    return found
  }
  const tokens = new Map<number, string>()
  const tokenOf = (account: Account) => {
    const token = tokens.get(account.id) ?? mintUserToken(world, account).value
    tokens.set(account.id, token)
    return token
  }
  return {
    world,
    actions,
    repository,
    alice,
    bob,
    newest,
    tokenOf,
    async push(files, { branch = 'main', message = 'change', by = alice } = {}) {
      const before = (await git.commitOf(`refs/heads/${branch}`)) ?? '0'.repeat(40)
      run('checkout', '--quiet', '-B', branch)
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(tree, path)), { recursive: true })
        writeFileSync(join(tree, path), text)
      }
      run('add', '-A')
      run('commit', '--quiet', '--allow-empty', '-m', message)
      run('push', '--quiet', '--force', 'origin', branch)
      const after = run('rev-parse', 'HEAD')
      const body = { ref: `refs/heads/${branch}`, before, after, deleted: false }
      world.emit({ name: 'push', action: null, repository, sender: by, byJobToken: false, body })
      await actions.runs.settled()
      return after
    },
    async api(method, path, { body, token = tokenOf(alice) } = {}) {
      const response = await fetch(`${world.apiUrl}/repos/acme/shop${path}`, {
        method,
        redirect: 'manual',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const location = response.headers.get('location')
      if (location !== null) return { status: response.status, body: await (await fetch(location)).text() }
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    finished: async found => await actions.runs.completed(found ?? (await newest()), AbortSignal.timeout(20_000)),
    async close() {
      await actions.close()
      await http.close()
      rmSync(directory, { recursive: true, force: true })
      if (schemas.problems.size > 0) throw new Error(`not as GitHub says it:\n${[...schemas.problems].join('\n')}`)
    },
  }
}

/** Job names with their conclusions. */
export function outcomes(run: WorkflowRun): Record<string, string | null> {
  return Object.fromEntries(currentAttempt(run).jobs.map(job => [job.name, job.conclusion]))
}

/** What the steps of a run printed, without times and the runner's own lines. */
export function printed(rehearsal: Rehearsal, run: WorkflowRun): readonly string[] {
  let isGroup = false
  return rehearsal.actions.runs
    .logOf(run)
    .split('\n')
    .map(line => line.replace(/^\d{4}-\S+Z /, ''))
    .filter(line => {
      if (line.startsWith('##[group]Run ')) isGroup = true
      const isShown = !isGroup
      if (line === '##[endgroup]') isGroup = false
      return isShown && line !== '' && !line.startsWith('===') && line !== 'Cleaning up orphan processes'
    })
}
