import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { workflowText } from '../../src/cli/init.ts'
import type { Runs } from '../../src/sandbox/actions/runs/runs.ts'
import { currentAttempt, type Job, type WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import type { Observer } from '../../src/sandbox/api/observation.ts'
import type { Clock } from '../../src/sandbox/clock.ts'
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import { type BenchMachine, openBenchMachine } from './bench-machine.ts'
import { createGithubSchema } from './github-schema.ts'
import { leakedSecrets } from './leaked-secrets.ts'
import { watchPointers } from './pointer-watch.ts'
import { GIT_ENVIRONMENT } from './rehearsed-github.ts'
import { type TinyRing, threeRings, tinyRingFile, tinySolution } from './tiny-solution.ts'
import { deploymentsIn, pointersOf, type ToldDeployment } from './told-deployments.ts'

/** What a person fills in to start a deployment by hand. */
export interface DispatchInputs {
  readonly command?: 'deploy' | 'rollback' | 'verify'
  readonly environment: string
  readonly artifact?: string
  readonly deployment?: string
  readonly promotion?: string
}

export interface WorkbenchOptions {
  /** The rings of each solution. @default one solution, `shop`, with dev, staging and production */
  readonly solutions?: Readonly<Record<string, readonly TinyRing[]>>
  /** Further files of the first commit, or others in their place. */
  readonly files?: Readonly<Record<string, string>>
  /** What jobs find in their environment besides the machine and the store. */
  readonly machineVariables?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly observe?: Observer
  /** Of what faults leave to chance. @default 1 */
  readonly seed?: number
}

/** A repository with a tiny solution on a sandbox, and the machine that it is deployed to. */
export interface Workbench {
  readonly sandbox: Sandbox
  readonly repository: Repository
  readonly runs: Runs
  readonly machine: BenchMachine
  /** The directory of the OCI image layout that artifacts go to. */
  readonly store: string
  /** May administer, and pushes. */
  readonly alice: Account
  /** May write. */
  readonly bob: Account
  /** The directory of the clone. */
  readonly clone: string
  git(...args: string[]): Promise<string>
  /** Commits files (`undefined` deletes) on the current branch; nothing is pushed. @returns the commit */
  commit(files: Readonly<Record<string, string | undefined>>, message?: string): Promise<string>
  /** Commits, pushes to main and waits until all that follows has ended. @returns the build's run */
  push(files: Readonly<Record<string, string | undefined>>, message?: string): Promise<WorkflowRun>
  /** Starts a deployment by hand. */
  start(inputs: DispatchInputs, workflow?: string): Promise<WorkflowRun>
  /** Starts one and waits until all that follows has ended. */
  run(inputs: DispatchInputs): Promise<WorkflowRun>
  /** Starts a run again, and waits. */
  rerun(run: WorkflowRun): Promise<WorkflowRun>
  /** Resolves once nothing is going on. */
  quiet(): Promise<void>
  /** The Deployments of a ring, oldest first. */
  deployments(environment: string): readonly ToldDeployment[]
  /** What a ring points to, as `v2`. @throws when it points to two */
  pointer(environment: string): string | undefined
  /** Names of tags. */
  tags(): Promise<readonly string[]>
  /** Asks the API below the repository's own path, as a person or with a token. */
  api(
    who: Account | string,
    route: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>
  /** Ends all, and fails when anything was not as GitHub says it, a pointer was wrong or a secret was shown. */
  close(): Promise<void>
}

/** Opens a workbench; the first commit is made and not pushed. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const directory = await mkdtemp(join(tmpdir(), 'ringway-bench-'))
  const store = join(directory, 'store')
  const machine = await openBenchMachine()
  const schema = createGithubSchema()
  const watch = watchPointers(() => repository)
  const sandbox = await openSandbox({
    directory,
    actions: { 'ringway/ringway': join(import.meta.dirname, '..', '..') },
    machineVariables: { BENCH: machine.url, RINGWAY_STORE: `oci-layout:${store}`, ...options.machineVariables },
    timings: { interruptMs: 5_000, terminateMs: 1_000, streamsMs: 200 },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    observe(observation) {
      schema.observe(observation)
      watch.observe(observation)
      options.observe?.(observation)
    },
  })
  const [alice, bob] = [sandbox.addUser('alice'), sandbox.addUser('bob')]
  const owner = sandbox.addOrganization('acme', [{ account: alice, role: 'admin' }])
  const repository: Repository = await sandbox.createRepository({
    owner,
    name: 'shop',
    collaborators: [
      { account: alice, role: 'admin' },
      { account: bob, role: 'write' },
    ],
  })
  const clone = join(directory, 'clone')
  await mkdir(clone)
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: clone, env: GIT_ENVIRONMENT })).stdout.trim()
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', sandbox.cloneUrl(repository, sandbox.tokenOf(alice)))
  const runs = sandbox.actions.runs
  const bench: Workbench = {
    sandbox,
    repository,
    runs,
    machine,
    store,
    alice,
    bob,
    clone,
    git,
    async commit(files, message = 'change') {
      for (const [path, text] of Object.entries(files)) await put(join(clone, path), text)
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return await git('rev-parse', 'HEAD')
    },
    async push(files, message) {
      const head = await bench.commit(files, message)
      await git('push', '--quiet', 'origin', 'HEAD:main')
      await bench.quiet()
      const built = runs.of(repository).find(run => run.trigger.event === 'push' && run.trigger.sha === head)
      if (built === undefined) throw new Error(`the push of ${head} started no run`)
      return built
    },
    async start(inputs, workflow = 'ringway.yml') {
      const { status, body } = await bench.api(bob, `POST /actions/workflows/${workflow}/dispatches`, {
        ref: 'main',
        inputs,
        return_run_details: true,
      })
      const run = runs.find(repository, Number(Reflect.get(Object(body), 'workflow_run_id')))
      if (run === undefined) throw new Error(`the dispatch was answered ${status}: ${JSON.stringify(body)}`)
      return run
    },
    async run(inputs) {
      const run = await bench.start(inputs)
      await bench.quiet()
      return run
    },
    async rerun(run) {
      const { status } = await bench.api(bob, `POST /actions/runs/${run.id}/rerun`, {})
      if (status !== 201) throw new Error(`the re-run was answered ${status}`)
      await bench.quiet()
      return run
    },
    async quiet() {
      for (;;) {
        await runs.settled()
        const open = runs.of(repository).find(run => currentAttempt(run).status !== 'completed')
        if (open === undefined) return
        await runs.completed(open, AbortSignal.timeout(40_000))
      }
    },
    deployments: environment => deploymentsIn(repository, environment),
    pointer(environment) {
      const [pointer, ...others] = pointersOf(repository, environment)
      if (others.length > 0) throw new Error(`${environment} points to ${others.length + 1} deployments`)
      return pointer?.artifact
    },
    tags: async () => (await git('ls-remote', '--tags', '--refs', 'origin')).split('\n').flatMap(tagName),
    api: (who, route, body) =>
      ask(sandbox, { token: typeof who === 'string' ? who : sandbox.tokenOf(who), route, body }),
    async close() {
      await sandbox.close()
      await machine.close()
      const leaks = await leakedSecrets({ runs, repository, store })
      await rm(directory, { recursive: true, force: true })
      schema.assertClean()
      if (watch.problems.length + leaks.length > 0) throw new Error([...watch.problems, ...leaks].join('\n'))
    },
  }
  const solutions = options.solutions ?? { shop: threeRings }
  await bench.commit({
    '.github/workflows/ringway.yml': workflowText('main'),
    '.github/rings.yml': tinyRingFile(solutions),
    ...Object.assign({}, ...Object.keys(solutions).map(name => tinySolution(name, 'one'))),
    ...options.files,
  })
  return bench
}

/** The only job of a run that was not skipped. */
export function jobOf(run: WorkflowRun): Job {
  const job = currentAttempt(run).jobs.find(one => one.conclusion !== 'skipped')
  if (job === undefined)
    throw new Error(`no job of ${run.displayTitle} ran: ${currentAttempt(run).problems.join(', ')}`)
  return job
}

/** What a run printed and concluded, for assertions and their messages. */
function logOf(run: WorkflowRun): string {
  return jobOf(run).log.text()
}

/** How a run ended, as its last lines say it, with the whole log for whoever reads a failed assertion. */
export interface RunEnd {
  readonly conclusion: string | null
  readonly decision: string | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly log: string
}

export function endOf(run: WorkflowRun): RunEnd {
  const log = logOf(run)
  const said = /^\S+Z (done|nothing|refused|failed|errored) \((\w+)\): (.*)$/m.exec(log)
  return { conclusion: jobOf(run).conclusion, decision: said?.[1], reason: said?.[2], message: said?.[3], log }
}

async function put(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) return await rm(path, { recursive: true })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  if (path.endsWith('.sh')) await chmod(path, 0o755)
}

function tagName(line: string): readonly string[] {
  const name = line.split('refs/tags/')[1]
  return name === undefined ? [] : [name]
}

async function ask(
  sandbox: Sandbox,
  asked: { readonly token: string; readonly route: string; readonly body: unknown },
): Promise<{ readonly status: number; readonly body: unknown }> {
  const [method = 'GET', path = ''] = asked.route.split(' ')
  const response = await fetch(`${sandbox.apiUrl}/repos/acme/shop${path}`, {
    method,
    headers: { authorization: `Bearer ${asked.token}`, 'content-type': 'application/json' },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
