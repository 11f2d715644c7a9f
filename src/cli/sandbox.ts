import { basename } from 'node:path'
import { RingwayError } from '../domain/ringway-error.ts'
import { parseStatusDescription } from '../domain/status-description.ts'
import { exitCodes } from './exit-code.ts'
import { git } from './git.ts'
import { openRehearsal, type Rehearsal } from './rehearsal.ts'
import { runGit } from './run-git.ts'
import type { Terminal } from './terminal.ts'

/** What `ringway sandbox` is asked for. */
export interface SandboxCommand {
  readonly port: number
  /** Names of variables of this terminal that jobs find in their environment. */
  readonly env: readonly string[]
  /** Whether the App runs beside it. */
  readonly app: boolean
}

const you = 'you'

/**
 * `ringway sandbox`: GitHub on this machine for the repository you stand in. The commit you stand on is pushed to it at once, so that
 * its workflow runs; it goes on until Ctrl-C.
 */
export async function sandbox(terminal: Terminal, options: SandboxCommand): Promise<number> {
  const root = git(process.cwd(), ['rev-parse', '--show-toplevel'])
  if (root === undefined || git(root, ['rev-parse', 'HEAD']) === undefined) throw nothingToRehearse()
  const branch = git(root, ['symbolic-ref', '--short', 'HEAD']) ?? 'main'
  const stopped = interrupted()
  const rehearsal = await openRehearsal({
    owner: 'local',
    name: repositoryName(root),
    defaultBranch: branch,
    people: { [you]: 'admin' },
    port: options.port,
    machineVariables: chosenVariables(options.env),
    app: options.app,
  })
  try {
    introduce(terminal, { rehearsal, branch })
    const stopWatching = watch(terminal, rehearsal)
    await runGit(root, ['push', '--quiet', rehearsal.pushUrl(you), `HEAD:refs/heads/${branch}`])
    await stopped
    stopWatching()
    return exitCodes.ok
  } finally {
    await rehearsal.close()
  }
}

function introduce(terminal: Terminal, { rehearsal, branch }: { rehearsal: Rehearsal; branch: string }): void {
  const push = `git push ${rehearsal.pushUrl(you)} HEAD:${branch}`
  terminal.say(`GitHub on this machine: ${rehearsal.url}`)
  terminal.say('  Open it in a browser to watch runs, approve environments and comment on pull requests.')
  terminal.say(`  Push        ${push}`)
  terminal.say(`  API         ${rehearsal.sandbox.apiUrl}  (token: the one in the push address)`)
  terminal.say(`  Artifacts   ${rehearsal.store}`)
  if (rehearsal.app !== undefined) {
    terminal.say(`  App         ${rehearsal.app.url}  (RINGWAY_URL; it hears commands on issues and pull requests)`)
    terminal.say(`  Try         open an issue at ${rehearsal.url}, then comment /help or /promote <ring> v1`)
  }
  terminal.say(
    'Your commit is being pushed. Uncommitted changes are not. Ctrl-C ends all of it and leaves nothing behind.',
  )
  terminal.say('')
  const { url, store, app } = rehearsal
  terminal.result({ url, api: rehearsal.sandbox.apiUrl, push, store, app: app?.url })
}

/** Says each run and each state of a deployment as it comes. */
function watch(terminal: Terminal, rehearsal: Rehearsal): () => void {
  return rehearsal.sandbox.world.subscribe(event => {
    const line = describeEvent(event.name, event.body)
    if (line === undefined) return
    terminal.say(`${new Date().toISOString().slice(11, 19)}  ${line}`)
    if (event.name === 'workflow_run')
      for (const error of errorsOf(rehearsal, at(event.body, 'workflow_run'))) terminal.say(`          ${error}`)
  })
}

/** What went wrong in a run that did not succeed, and where its whole log is. */
function errorsOf(rehearsal: Rehearsal, run: unknown): readonly string[] {
  const [id, conclusion, url] = [at(run, 'id'), at(run, 'conclusion'), at(run, 'html_url')]
  const found = typeof id === 'number' ? rehearsal.runs.find(rehearsal.repository, id) : undefined
  if (found === undefined || conclusion === 'success' || conclusion === 'skipped') return []
  const lines = rehearsal.runs.logOf(found).split('\n')
  const errors = lines.flatMap(line => /##\[error\](.*)/.exec(line)?.[1] ?? [])
  return [...errors, `The whole log: ${String(url)}`]
}

function describeEvent(name: string, body: unknown): string | undefined {
  if (name === 'deployment_status') {
    const description = at(at(body, 'deployment_status'), 'description')
    const report = typeof description === 'string' ? parseStatusDescription(description) : undefined
    const environment = at(at(body, 'deployment'), 'environment')
    return report === undefined
      ? undefined
      : `${String(environment)}: ${report.artifact} is ${report.state.replaceAll('_', ' ')}. ${report.words}`
  }
  if (name !== 'workflow_run') return undefined
  const run = at(body, 'workflow_run')
  const [title, status, conclusion] = [at(run, 'display_title'), at(run, 'status'), at(run, 'conclusion')]
  return status === 'completed' ? `run "${String(title)}": ${String(conclusion)}` : undefined
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function interrupted(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function repositoryName(root: string): string {
  const name = basename(root).replaceAll(/[^A-Za-z0-9._-]/g, '-')
  return name === '' ? 'repository' : name
}

function chosenVariables(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map(name => {
      const value = process.env[name]
      if (value !== undefined) return [name, value]
      throw new RingwayError({
        code: 'input_invalid',
        message: `--env ${name}: this terminal has no variable of that name.`,
        remedy: `Set it (export ${name}=…), or leave the option out.`,
      })
    }),
  )
}

function nothingToRehearse(): RingwayError {
  return new RingwayError({
    code: 'input_invalid',
    message: `${process.cwd()} is in no git repository with a commit.`,
    remedy: 'Change into your repository, or make one: git init, ringway init, git add --all, git commit.',
  })
}
