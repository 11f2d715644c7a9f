import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runs } from '../sandbox/actions/runs/runs.ts'
import type { WorkflowRun } from '../sandbox/actions/runs/workflow-run.ts'
import { createGitRepository } from '../sandbox/git/git-repository.ts'
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts'
import type { Account } from '../sandbox/world/account.ts'
import { addRepository } from '../sandbox/world/add-repository.ts'
import { addAccount } from '../sandbox/world/found-accounts.ts'
import { mintUserToken } from '../sandbox/world/mint-token.ts'
import type { Repository } from '../sandbox/world/repository.ts'
import type { Role } from '../sandbox/world/role.ts'

/** The clone that this command runs from: its Action is what rehearsed workflows use. */
export const productRoot = join(import.meta.dirname, '..', '..')

/** What is rehearsed, and by whom. */
export interface RehearsalOptions {
  readonly owner: string
  readonly name: string
  readonly defaultBranch: string
  readonly people: Readonly<Record<string, Role>>
  /** 0 takes a free one. */
  readonly port: number
  /** What jobs find in the environment of their machine, besides the store. */
  readonly machineVariables?: Readonly<Record<string, string>>
}

/** GitHub on this machine with one repository, and the artifact store of its jobs. */
export interface Rehearsal {
  readonly sandbox: Sandbox
  readonly repository: Repository
  readonly runs: Runs
  /** `http://127.0.0.1:<port>/owner/name` */
  readonly url: string
  /** Where artifacts go: an OCI image layout. */
  readonly store: string
  /** The address that `git push` takes, with the person's token in it. */
  pushUrl(login: string): string
  /** Asks GitHub's API as a person. */
  api(login: string, request: ApiRequest): Promise<unknown>
  /** Resolves once nothing that has been started is still going on. */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** A request below `/repos/{owner}/{repo}`. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

/** Opens a GitHub with one repository. `close` ends everything that it started, and takes everything away. */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const directory = await mkdtemp(join(tmpdir(), 'ringway-rehearsal-'))
  const store = `oci-layout:${join(directory, 'store')}`
  const sandbox = await openSandbox({
    port: options.port,
    directory,
    actions: { 'ringway/ringway': productRoot },
    machineVariables: { RINGWAY_STORE: store, ...options.machineVariables },
  })
  const { world } = sandbox
  const owner = addAccount(world, { login: options.owner, type: 'Organization' })
  const people = new Map<string, Account>()
  for (const login of Object.keys(options.people)) people.set(login, addAccount(world, { login, type: 'User' }))
  const git = await createGitRepository(join(directory, `${options.name}.git`), options.defaultBranch)
  const repository = addRepository(world, {
    owner,
    name: options.name,
    git,
    defaultBranch: options.defaultBranch,
    collaborators: [...people].map(([login, account]) => ({ account, role: options.people[login] ?? 'read' })),
  })
  const tokens = new Map([...people].map(([login, account]) => [login, mintUserToken(world, account).value]))
  const tokenOf = (login: string): string => {
    const token = tokens.get(login)
    if (token === undefined) throw new TypeError(`nobody called ${login} is here`)
    return token
  }
  const path = `${options.owner}/${options.name}`
  return {
    sandbox,
    repository,
    runs: sandbox.runs,
    url: `${sandbox.url}/${path}`,
    store,
    pushUrl: login => {
      const url = new URL(`${sandbox.url}/${path}.git`)
      url.username = login
      url.password = tokenOf(login)
      return url.href
    },
    api: (login, request) => ask(`${sandbox.apiUrl}/repos/${path}${request.path}`, { request, token: tokenOf(login) }),
    quiet: () => quiet(sandbox.runs, repository),
    async close() {
      await sandbox.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function ask(url: string, asked: { readonly request: ApiRequest; readonly token: string }): Promise<unknown> {
  const { method, body, path } = asked.request
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${asked.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}

const isDone = (run: WorkflowRun): boolean => run.attempts.every(attempt => attempt.status === 'completed')

/** A run that ends may have started another one just before. */
async function quiet(runs: Runs, repository: Repository): Promise<void> {
  for (;;) {
    await runs.settled()
    const open = runs.of(repository).find(run => !isDone(run))
    if (open === undefined) return
    await runs.completed(open)
  }
}

/** Runs git and gives what it prints. */
export function runGit(directory: string, args: readonly string[]): string {
  const done = spawnSync('git', ['-C', directory, ...args], {
    encoding: 'utf8',
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  })
  if (done.status === 0) return done.stdout.trim()
  throw new Error(`git ${args[0] ?? ''} failed: ${done.stderr.trim()}`)
}
