import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { evaluateTexts } from '../expression/evaluate-template.ts'
import type { ActionStepDefinition } from '../workflow/job-definition.ts'
import { stepScope } from './job-state.ts'
import { runProcess } from './run-process.ts'
import { stepEnvironment } from './step-environment.ts'
import type { PhaseEnd, PhaseRun } from './step-phase.ts'

const SUPPORTED = ['repository', 'ref', 'token', 'persist-credentials', 'path', 'clean', 'fetch-depth', 'fetch-tags']
// Settings that change nothing here, or whose default asks for nothing.
const IGNORED = ['set-safe-directory', 'show-progress', 'github-server-url', 'ssh-strict', 'ssh-user']
const OFF = new Set(['', 'false', 'null'])

interface CheckoutSettings {
  readonly url: string
  readonly header: string
  readonly credentialKey: string
  readonly directory: string
  readonly depth: number
  readonly tags: boolean
  readonly persist: boolean
  /** What is fetched, and the local ref that it becomes. */
  readonly source: string
  readonly tracking: string
  /** The branch that is checked out; undefined for a detached head. */
  readonly branch: string | undefined
}

/**
 * What `actions/checkout` does, with git alone: the repository is fetched over HTTP from the sandbox with the given
 * token, so that a token without `contents: read` fails here as it does on GitHub.
 */
export async function checkout(step: ActionStepDefinition, run: PhaseRun): Promise<PhaseEnd> {
  const inputs = evaluateTexts(step.with, stepScope(run.job, run.variables))
  const unsupported = Object.entries(inputs).filter(
    ([name, value]) => ![...SUPPORTED, ...IGNORED].includes(name) && !OFF.has(value),
  )
  if (unsupported.length > 0) {
    const names = unsupported.map(([name]) => `\`${name}\``).join(', ')
    return {
      kind: 'failed',
      message: `The sandbox's checkout does not support ${names}; it supports ${SUPPORTED.join(', ')}.`,
    }
  }
  const settings = readSettings(run, inputs)
  run.job.observer.onLog(`##[group]Run ${step.uses}\n##[endgroup]\nSyncing repository: ${settings.url}`)
  await mkdir(settings.directory, { recursive: true })
  for (const args of commands(settings)) {
    const end = await git(step, run, { settings, args })
    if (end.kind !== 'succeeded') return end
  }
  return await setOutputs(step, run, settings)
}

/** Takes the token out of the workspace again, when the job is over. */
export async function forgetCredentials(step: ActionStepDefinition, run: PhaseRun): Promise<PhaseEnd> {
  const inputs = evaluateTexts(step.with, stepScope(run.job, run.variables))
  const settings = readSettings(run, inputs)
  // 5: there is nothing to unset, because a step took it away itself.
  await git(step, run, {
    settings,
    args: ['config', '--local', '--unset-all', settings.credentialKey],
    quietCodes: [5],
  })
  return { kind: 'succeeded' }
}

function readSettings(run: PhaseRun, inputs: Readonly<Record<string, string>>): CheckoutSettings {
  const { github } = run.job.assignment.contexts
  const context = (name: string) => String(github[name] ?? '')
  const repository = inputs['repository'] || context('repository')
  const isOwn = repository.toLowerCase() === context('repository').toLowerCase()
  const token = inputs['token'] || context('token')
  const server = context('server_url')
  return {
    url: `${server}/${repository}`,
    header: `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
    credentialKey: `http.${server}/.extraheader`,
    directory: resolve(run.job.directories.workspace, inputs['path'] ?? '.'),
    depth: Number(inputs['fetch-depth'] ?? '1'),
    tags: inputs['fetch-tags'] === 'true',
    persist: inputs['persist-credentials'] !== 'false',
    ...(inputs['ref'] || !isOwn ? namedRef(inputs['ref'] ?? '') : eventRef(context('ref'), context('sha'))),
  }
}

type RefChoice = Pick<CheckoutSettings, 'source' | 'tracking' | 'branch'>

/** Without a `ref` the commit of the event is checked out, even when its branch has moved on. */
function eventRef(ref: string, sha: string): RefChoice {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  if (branch !== undefined) return { source: sha, tracking: `refs/remotes/origin/${branch}`, branch }
  const pull = /^refs\/pull\/(.+)$/.exec(ref)?.[1]
  if (pull !== undefined) return { source: sha, tracking: `refs/remotes/pull/${pull}`, branch: undefined }
  return { source: sha, tracking: ref || 'refs/remotes/origin/HEAD', branch: undefined }
}

function namedRef(ref: string): RefChoice {
  if (ref === '') return { source: 'HEAD', tracking: 'refs/remotes/origin/HEAD', branch: undefined }
  if (/^[0-9a-f]{40}$/.test(ref)) return { source: ref, tracking: 'refs/checkout/commit', branch: undefined }
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? (ref.startsWith('refs/') ? undefined : ref)
  // A short name is a branch or a tag; git's own rules for fetching find out which.
  if (branch === undefined) return { source: ref, tracking: 'refs/checkout/ref', branch: undefined }
  const isQualified = ref.startsWith('refs/')
  return { source: ref, tracking: `refs/remotes/origin/${branch}`, branch: isQualified ? branch : undefined }
}

function commands(settings: CheckoutSettings): readonly (readonly string[])[] {
  const fetch = ['fetch', '--quiet', '--no-tags', '--prune', '--no-recurse-submodules']
  const everything = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']
  const one = `+${settings.source}:${settings.tracking}`
  // Apart from the history, because it may move a branch that the history has brought to its newest commit.
  const fetches =
    settings.depth > 0
      ? [[...fetch, `--depth=${settings.depth}`, 'origin', ...(settings.tags ? everything.slice(1) : []), one]]
      : [
          [...fetch, 'origin', ...everything],
          [...fetch.filter(option => option !== '--prune'), 'origin', one],
        ]
  const target = settings.branch === undefined ? ['--detach'] : ['-B', settings.branch]
  return [
    ['init', '--quiet', '--initial-branch=main', '.'],
    // `set-url` would need the remote to exist: a second checkout into the same place replaces it.
    ['config', '--local', 'remote.origin.url', settings.url],
    ['config', '--local', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
    ['config', '--local', 'gc.auto', '0'],
    ...(settings.persist ? [['config', '--local', settings.credentialKey, settings.header]] : []),
    ...fetches,
    ['checkout', '--quiet', '--force', ...target, settings.tracking],
    ['clean', '-ffdqx'],
  ]
}

async function git(
  step: ActionStepDefinition,
  run: PhaseRun,
  call: {
    readonly settings: CheckoutSettings
    readonly args: readonly string[]
    readonly quietCodes?: readonly number[]
    readonly onLine?: (line: string) => void
  },
): Promise<PhaseEnd> {
  const { job } = run
  const { settings } = call
  const isFetch = call.args[0] === 'fetch'
  // Given on the command line where it must not stay in the workspace.
  const header = isFetch && !settings.persist ? ['-c', `${settings.credentialKey}=${settings.header}`] : []
  const end = await runProcess({
    command: 'git',
    args: ['-c', 'protocol.version=2', '-c', 'advice.detachedHead=false', ...header, ...call.args],
    directory: settings.directory,
    environment: {
      ...stepEnvironment(job, { action: step.id, variables: {}, files: run.files }),
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
    },
    onLine: call.onLine ?? (line => job.observer.onLog(line)),
    cancelled: run.cancelled,
    forced: job.assignment.forced,
    timings: job.assignment.timings,
  })
  if (end.kind === 'cancelled') return end
  if (end.kind === 'not_started') return { kind: 'failed', message: `git cannot be started: ${end.message}` }
  if (end.code === 0 || call.quietCodes?.includes(end.code) === true) return { kind: 'succeeded' }
  return { kind: 'failed', message: `The process 'git ${call.args[0]}' failed with exit code ${end.code}` }
}

async function setOutputs(step: ActionStepDefinition, run: PhaseRun, settings: CheckoutSettings): Promise<PhaseEnd> {
  let commit = ''
  const onLine = (line: string) => {
    commit = line.trim()
  }
  const end = await git(step, run, { settings, args: ['rev-parse', 'HEAD'], onLine })
  run.output.outputs.set('commit', commit)
  run.output.outputs.set('ref', settings.branch ?? settings.source)
  return end
}
