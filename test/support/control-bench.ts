import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appEvents } from '../../src/domain/app-needs.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import { grantedPermissions } from './app-on-github.ts'
import { close, listen } from './listening.ts'
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts'

const root = join(import.meta.dirname, '..', '..')
const secret = 'a-webhook-secret-of-the-bench-of-40-bytes'

/** A workbench whose repository has the App installed, as a process of its own that may be killed and started again. */
export interface ControlBench extends Workbench {
  /** Where the App listens. */
  readonly appUrl: string
  readonly appId: number
  readonly app: AppProcess
  /** Commits and pushes to main; what follows goes on by itself. @returns the commit */
  send(files: Readonly<Record<string, string | undefined>>): Promise<string>
  /** The directory of the App, with its database. */
  readonly data: string
  /** What the App must not show anywhere. */
  readonly secrets: readonly string[]
  /** Starts the App again after it was killed. */
  restart(): Promise<void>
  /** Starts another replica, on a port of its own. */
  replica(variables?: Readonly<Record<string, string>>): Promise<AppProcess>
  /** Opens an issue; @returns its number */
  issue(title: string, by?: Account): Promise<number>
  /** Comments; @returns the comment's id */
  comment(issue: number, body: string, by?: Account): Promise<number>
  /** The sticky comment of an issue. */
  sticky(issue: number): string
  /** Puts the App before an environment as its protection rule. */
  guard(environment: string): Promise<void>
  /** Resolves once a ring points to a version and nothing else is active in it. */
  points(environment: string, artifact: string, within?: number): Promise<void>
  /** Resolves once the condition holds; asks often. */
  until(condition: () => boolean | Promise<boolean>, what: string | (() => string), within?: number): Promise<void>
}

/** The App as a process. */
export interface AppProcess {
  child: ChildProcess
  /** One object a line. */
  log(): readonly Record<string, unknown>[]
  words(): string
  /** Starts it again; it may not answer yet. `variables`: besides those that it always has. */
  start(variables?: Readonly<Record<string, string>>): void
  kill(signal: NodeJS.Signals): Promise<void>
}

export interface ControlBenchOptions extends WorkbenchOptions {
  /** Further environment variables of the App. */
  readonly appVariables?: Readonly<Record<string, string>>
}

/** Opens the workbench, registers and installs the App, and starts it. */
export async function openControlBench(options: ControlBenchOptions = {}): Promise<ControlBench> {
  const bench = await openWorkbench(options)
  const data = await mkdtemp(join(tmpdir(), 'ringway-app-'))
  // As root, the database runs as another user.
  await chmod(data, 0o755)
  const port = await freePort()
  const appUrl = `http://127.0.0.1:${port}`
  const { sandbox, repository, alice } = bench
  const { app, privateKey } = sandbox.registerApp({
    slug: 'ringway',
    owner: repository.owner,
    permissions: grantedPermissions,
    events: Object.keys(appEvents),
    webhook: { url: `${appUrl}/webhooks`, secret },
  })
  sandbox.installApp({ app, account: repository.owner, by: alice })
  sandbox.setVariable(repository, { name: 'RINGWAY_URL', value: appUrl })
  const environment = {
    PATH: process.env['PATH'] ?? '',
    APP_ID: String(app.id),
    PRIVATE_KEY: Buffer.from(privateKey).toString('base64'),
    WEBHOOK_SECRET: secret,
    GITHUB_API_URL: sandbox.apiUrl,
    PORT: String(port),
    RINGWAY_DATA: join(data, 'data'),
    RINGWAY_OIDC_ISSUER: sandbox.url,
    RINGWAY_STORE: `oci-layout:${bench.store}`,
    LOG_LEVEL: 'debug',
    ...options.appVariables,
  }
  const running = startApp(environment)
  try {
    await answering(appUrl, running)
  } catch (error) {
    await running.kill('SIGTERM')
    await bench.close()
    throw error
  }
  const replicas: AppProcess[] = []
  const control: ControlBench = {
    ...bench,
    appUrl,
    appId: app.id,
    app: running,
    data: environment.RINGWAY_DATA,
    secrets: [secret, ...privateKey.split('\n').filter(line => line.length > 40)],
    async send(files) {
      const commit = await bench.commit(files)
      await bench.git('push', '--quiet', 'origin', 'HEAD:main')
      return commit
    },
    async restart() {
      running.start()
      await answering(appUrl, running)
    },
    async replica(variables) {
      const port = String(await freePort())
      const replica = startApp({ ...environment, PORT: port, ...variables })
      replicas.push(replica)
      await answering(`http://127.0.0.1:${port}`, replica)
      return replica
    },
    async issue(title, by = bench.bob) {
      const { body } = await bench.api(by, 'POST /issues', { title })
      return Number(Reflect.get(Object(body), 'number'))
    },
    async comment(issue, body, by = bench.bob) {
      const made = await bench.api(by, `POST /issues/${issue}/comments`, { body })
      if (made.status !== 201) throw new Error(`the comment was answered ${made.status}`)
      return Number(Reflect.get(Object(made.body), 'id'))
    },
    sticky(issue) {
      const comments = (repository.issues.get(issue)?.comments ?? []).filter(one => one.app?.id === app.id)
      if (comments.length > 1) throw new Error(`issue ${issue} has ${comments.length} comments of the App`)
      return comments[0]?.body ?? ''
    },
    async guard(name) {
      const route = `POST /environments/${name}/deployment_protection_rules`
      await bench.api(alice, `PUT /environments/${name}`, {})
      const { status } = await bench.api(alice, route, { integration_id: app.id })
      if (status !== 201) throw new Error(`the rule of ${name} was answered ${status}`)
    },
    points: (environment, artifact, within) =>
      control.until(
        () => {
          const live = bench
            .deployments(environment)
            .filter(({ state }) => state === 'active' || state === 'rolling_back')
          return live.length === 1 && live[0]?.state === 'active' && live[0].artifact === artifact
        },
        () => `${environment} points to ${artifact}; it has ${JSON.stringify(bench.deployments(environment))}`,
        within,
      ),
    async until(condition, what, within = 60_000) {
      const end = performance.now() + within
      while (!(await condition())) {
        if (performance.now() > end)
          throw new Error(`did not come: ${typeof what === 'string' ? what : what()}\n${troubles(running)}`)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    },
    async close() {
      for (const one of [...replicas, running]) await one.kill('SIGTERM')
      await bench.close()
      await rm(data, { recursive: true, force: true })
    },
  }
  return control
}

function startApp(environment: Readonly<Record<string, string>>): AppProcess {
  let [out, words] = ['', '']
  const spawnApp = (variables: Readonly<Record<string, string>> = {}): ChildProcess => {
    const env = { ...environment, ...variables }
    const child = spawn(process.execPath, [join(root, 'app/main.ts')], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', chunk => {
      out += String(chunk)
    })
    child.stderr.on('data', chunk => {
      words += String(chunk)
    })
    return child
  }
  const started: AppProcess = {
    child: spawnApp(),
    log: () =>
      out
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line)),
    words: () => words,
    start(variables) {
      started.child = spawnApp(variables)
    },
    async kill(signal) {
      const { child } = started
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
  return started
}

/** What the App logged besides its everyday work, for whoever reads a failed test. */
function troubles(app: AppProcess): string {
  const lines = app.log().filter(({ level }) => level !== 'debug' && level !== 'info')
  return [app.words(), ...lines.slice(-25).map(line => JSON.stringify(line))].join('\n')
}

async function answering(url: string, app: AppProcess): Promise<void> {
  const end = performance.now() + 40_000
  for (;;) {
    const ready = await fetch(`${url}/readyz`).catch(() => undefined)
    if (ready?.ok === true) return
    if (performance.now() > end) throw new Error(`the App did not start:\n${app.words()}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}
