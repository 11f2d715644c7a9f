import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appEvents, appPermissions } from '../domain/app-needs.ts'
import type { Runs } from '../sandbox/actions/runs/runs.ts'
import type { WorkflowRun } from '../sandbox/actions/runs/workflow-run.ts'
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts'
import type { Account } from '../sandbox/world/account.ts'
import type { GithubApp } from '../sandbox/world/github-app.ts'
import type { Repository } from '../sandbox/world/repository.ts'
import type { Role } from '../sandbox/world/role.ts'
import { type AppProcess, createAppProcess, freePort } from './app-process.ts'

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
  /** Whether the App runs beside it, installed on the owner's repositories. Only an organisation tells it of reviews. */
  readonly app?: boolean
}

/** A repository of the rehearsed GitHub. */
export interface RehearsedRepository {
  readonly repository: Repository
  /** `http://127.0.0.1:<port>/owner/name` */
  readonly url: string
  /** The address that `git push` takes, with the person's token in it. */
  pushUrl(login: string): string
  /** Asks GitHub's API as a person. */
  api(login: string, request: ApiRequest): Promise<unknown>
  /** Resolves once nothing that has been started is still going on. */
  quiet(): Promise<void>
}

/** The App beside the rehearsed GitHub. */
export interface RehearsedApp extends AppProcess {
  readonly url: string
  readonly registered: GithubApp
}

/** GitHub on this machine with one repository, and the artifact store of its jobs. */
export interface Rehearsal extends RehearsedRepository {
  readonly sandbox: Sandbox
  readonly runs: Runs
  /** Where artifacts go: an OCI image layout. */
  readonly store: string
  readonly app: RehearsedApp | undefined
  /** Another repository of the same owner and the same people, without content. */
  addRepository(name: string): Promise<RehearsedRepository>
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
  let app: RehearsedApp | undefined
  const close = async (): Promise<void> => {
    await app?.close()
    await sandbox.close()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const owner = sandbox.addOrganization(options.owner)
    const people = new Map(Object.keys(options.people).map(login => [login, sandbox.addUser(login)]))
    const town: Town = { sandbox, options, owner, people }
    const first = await foundRepository(town, { name: options.name, copyOf: options.from })
    if (options.app === true) {
      app = await registerApp(town, { directory, store })
      sandbox.setVariable(owner, { name: 'RINGWAY_URL', value: app.url })
      await app.start()
    }
    const addRepository = (name: string): Promise<RehearsedRepository> => foundRepository(town, { name })
    return { ...first, sandbox, runs: sandbox.actions.runs, store, app, addRepository, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The owner's account with its people, on a GitHub. */
interface Town {
  readonly sandbox: Sandbox
  readonly options: RehearsalOptions
  readonly owner: Account
  readonly people: ReadonlyMap<string, Account>
}

async function foundRepository(
  { sandbox, options, owner, people }: Town,
  { name, copyOf }: { readonly name: string; readonly copyOf?: string | undefined },
): Promise<RehearsedRepository> {
  const repository = await sandbox.createRepository({
    owner,
    name,
    defaultBranch: options.defaultBranch,
    collaborators: [...people].map(([login, account]) => ({ account, role: options.people[login] ?? 'read' })),
    ...(copyOf === undefined ? {} : { from: { copy: copyOf } }),
  })
  const tokens = new Map([...people].map(([login, account]) => [login, sandbox.tokenOf(account)]))
  const tokenOf = (login: string): string => {
    const token = tokens.get(login)
    if (token === undefined) throw new TypeError(`nobody called ${login} is here`)
    return token
  }
  const path = `${options.owner}/${name}`
  return {
    repository,
    url: `${sandbox.url}/${path}`,
    pushUrl: login => {
      const url = new URL(`${sandbox.url}/${path}.git`)
      url.username = login
      url.password = tokenOf(login)
      return url.href
    },
    api: (login, request) => ask(`${sandbox.apiUrl}/repos/${path}${request.path}`, { request, token: tokenOf(login) }),
    quiet: () => quiet(sandbox.actions.runs, repository),
  }
}

/** Registers the App as its manifest does, and installs it. It is not started yet. */
async function registerApp(
  { sandbox, owner, people }: Town,
  { directory, store }: { readonly directory: string; readonly store: string },
): Promise<RehearsedApp> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const secret = randomBytes(32).toString('hex')
  const { app: registered, privateKey } = sandbox.registerApp({
    slug: 'ringway',
    owner,
    permissions: Object.fromEntries(Object.entries(appPermissions).map(([key, { level }]) => [key, level])),
    events: Object.keys(appEvents),
    webhook: { url: `${url}/webhooks`, secret },
  })
  const [by = owner] = people.values()
  sandbox.installApp({ app: registered, account: owner, by })
  // As root, its database runs as another user, who must be able to pass; what is in there is not to be listed.
  if (process.getuid?.() === 0) await chmod(directory, 0o711)
  const started = createAppProcess({
    program: join(productRoot, 'app', 'main.ts'),
    port,
    directory,
    settings: {
      APP_ID: String(registered.id),
      PRIVATE_KEY: Buffer.from(privateKey).toString('base64'),
      WEBHOOK_SECRET: secret,
      GITHUB_API_URL: sandbox.apiUrl,
      RINGWAY_OIDC_ISSUER: sandbox.url,
      RINGWAY_STORE: store,
      RINGWAY_SUBSCRIBERS: 'private',
    },
  })
  return { ...started, url, registered }
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
