import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

/** Milliseconds of each single start. */
export interface Starts {
  /** `node -e 0`, from its start to its end. */
  readonly emptyMs: readonly number[]
  /** From the start of the process to its first request, by command. */
  readonly commandsMs: Readonly<Record<string, readonly number[]>>
  /** Empty without a checkout of github/branch-deploy. */
  readonly branchDeployMs: readonly number[]
  /** Bytes of the files of the bundle that Node.js had read when the first request left. */
  readonly loadedBytes: number
}

const repetitions = 21
const commands = ['status', 'deploy'] as const

/** Starts everything in turn, so that what else the machine does hits all alike. */
export async function measureStarts(main: string): Promise<Starts> {
  const directory = await mkdtemp(join(tmpdir(), 'ringway-bench-start-'))
  const github = await openSilentGithub()
  try {
    const job = await jobEnvironment(directory, github.url)
    const checkout = env['RINGWAY_BENCH_BRANCH_DEPLOY']
    const peer = checkout === undefined ? undefined : await branchDeployStart(checkout, job)
    const emptyMs: number[] = []
    const commandsMs = Object.fromEntries(commands.map(command => [command, [] as number[]]))
    const branchDeployMs: number[] = []
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      emptyMs.push(await runEmpty(job))
      for (const command of commands) {
        const start = { args: [main], environment: { ...job, INPUT_COMMAND: command } }
        commandsMs[command]?.push(await github.firstRequestOf(start))
      }
      if (peer !== undefined) branchDeployMs.push(await github.firstRequestOf(peer))
    }
    const loadedBytes = await measureLoaded(github, { main, job, directory })
    return { emptyMs, commandsMs, branchDeployMs, loadedBytes }
  } finally {
    github.server.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Start {
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** A GitHub that knows nothing, and when it was asked first. */
interface SilentGithub {
  readonly server: Server
  readonly url: string
  /** Milliseconds from the start of the process to its first request; the process is over afterwards. */
  firstRequestOf(start: Start): Promise<number>
}

async function openSilentGithub(): Promise<SilentGithub> {
  let first: number | undefined
  const server = createServer((_request, response) => {
    first ??= performance.now()
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('The server listens on no port.')
  return {
    server,
    url: `http://127.0.0.1:${address.port}`,
    async firstRequestOf({ args, environment }) {
      first = undefined
      const started = performance.now()
      await once(spawn(execPath, args, { env: environment, stdio: 'ignore' }), 'exit')
      if (first === undefined) throw new Error(`${args.join(' ')} ended without a request to GitHub.`)
      return first - started
    },
  }
}

async function runEmpty(environment: Readonly<Record<string, string>>): Promise<number> {
  const started = performance.now()
  await once(spawn(execPath, ['-e', '0'], { env: environment, stdio: 'ignore' }), 'exit')
  return performance.now() - started
}

/** What GitHub sets for a job, as far as either Action looks at it. */
async function jobEnvironment(directory: string, url: string): Promise<Record<string, string>> {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text)
    return join(directory, name)
  }
  return {
    PATH: env['PATH'] ?? '',
    HOME: directory,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: url,
    GITHUB_GRAPHQL_URL: `${url}/graphql`,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: await file('event.json', JSON.stringify(commentEvent)),
    GITHUB_OUTPUT: await file('output', ''),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '1'.repeat(40),
    GITHUB_STATE: await file('state', ''),
    GITHUB_STEP_SUMMARY: await file('summary', ''),
    GITHUB_WORKSPACE: directory,
    RUNNER_TEMP: directory,
    INPUT_ENVIRONMENT: 'production',
    INPUT_TOKEN: 't0ken',
  }
}

/** Ours reads nothing of it; branch-deploy begins with the comment. */
const commentEvent = {
  action: 'created',
  comment: {
    body: '.deploy',
    id: 1,
    user: { login: 'octocat' },
    created_at: '2026-01-01T00:10:00Z',
    updated_at: '2026-01-01T00:10:00Z',
    html_url: 'https://github.com/octo/shop/pull/1#issuecomment-1',
  },
  issue: { number: 1, pull_request: { url: 'https://api.github.com/repos/octo/shop/pulls/1' } },
  repository: { default_branch: 'main', full_name: 'octo/shop', name: 'shop', owner: { login: 'octo' } },
}

const actionFile = z.object({ inputs: z.record(z.string(), z.object({ default: z.string().optional() })) })

/** As GitHub starts it: every input with the default of its `action.yml`. */
async function branchDeployStart(checkout: string, job: Readonly<Record<string, string>>): Promise<Start> {
  const { inputs } = actionFile.parse(parse(await readFile(join(checkout, 'action.yml'), 'utf8')))
  const defaults = Object.entries(inputs).map(([name, input]) => [inputVariable(name), input.default ?? ''])
  const environment = {
    ...job,
    ...Object.fromEntries(defaults),
    GITHUB_EVENT_NAME: 'issue_comment',
    [inputVariable('github_token')]: 't0ken',
    [inputVariable('status')]: 'success',
  }
  return { args: [join(checkout, 'dist', 'index.js')], environment }
}

function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

async function measureLoaded(
  github: SilentGithub,
  start: { readonly main: string; readonly job: Readonly<Record<string, string>>; readonly directory: string },
): Promise<number> {
  const note = join(start.directory, 'loaded')
  const args = ['--import', import.meta.resolve('./note-loads.mjs'), start.main]
  const environment = { ...start.job, INPUT_COMMAND: 'deploy', RINGWAY_BENCH_LOADED: note }
  await github.firstRequestOf({ args, environment })
  const loaded = (await readFile(note, 'utf8')).split('\n').filter(url => url.startsWith('file:'))
  const sizes = await Promise.all([...new Set(loaded)].map(async url => (await stat(fileURLToPath(url))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
