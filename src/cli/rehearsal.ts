import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runs } from '../sandbox/actions/runs/runs.ts'
import type { WorkflowRun } from '../sandbox/actions/runs/workflow-run.ts'
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts'
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
  /** A repository on this machine whose content it starts with. */
  readonly from?: string
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
  const owner = sandbox.addOrganization(options.owner)
  const people = new Map(Object.keys(options.people).map(login => [login, sandbox.addUser(login)]))
  const repository = await sandbox.createRepository({
    owner,
    name: options.name,
    defaultBranch: options.defaultBranch,
    collaborators: [...people].map(([login, account]) => ({ account, role: options.people[login] ?? 'read' })),
    ...(options.from === undefined ? {} : { from: { copy: options.from } }),
  })
  const tokens = new Map([...people].map(([login, account]) => [login, sandbox.tokenOf(account)]))
  const tokenOf = (login: string): string => {
    const token = tokens.get(login)
    if (token === undefined) throw new TypeError(`nobody called ${login} is here`)
    return token
  }
  const path = `${options.owner}/${options.name}`
  return {
    sandbox,
    repository,
    runs: sandbox.actions.runs,
    url: `${sandbox.url}/${path}`,
    store,
    pushUrl: login => {
      const url = new URL(`${sandbox.url}/${path}.git`)
      url.username = login
      url.password = tokenOf(login)
      return url.href
    },
    api: (login, request) => ask(`${sandbox.apiUrl}/repos/${path}${request.path}`, { request, token: tokenOf(login) }),
    quiet: () => quiet(sandbox.actions.runs, repository),
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
