import { readFileSync } from 'node:fs'
import { RingwayError } from '../../domain/ringway-error.ts'
import { commitSha, isCommitSha } from '../../domain/units.ts'
import type { CurrentRun } from '../../ports/run-surroundings.ts'

/** What GitHub Actions tells a job about itself. */
export interface ActionsRun extends CurrentRun {
  readonly owner: string
  readonly repo: string
  readonly apiUrl: string
  /** Where the repository is checked out. */
  readonly workspace: string
  /** Room for files of this job. */
  readonly temporary: string
  /** Of the pull request that is built; absent for other events. */
  readonly pullRequest: { readonly number: number; readonly headCommit: string } | undefined
}

/**
 * Reads the variables that GitHub Actions sets for every job.
 *
 * @throws {RingwayError} `input_invalid` outside of a job
 */
export function readActionsRun(environment: Readonly<Record<string, string | undefined>>): ActionsRun {
  const need = (name: string): string => {
    const value = environment[name]
    if (value !== undefined && value !== '') return value
    throw new RingwayError({
      code: 'input_invalid',
      message: `${name} is not set: this is no job of GitHub Actions.`,
      remedy: 'Use the `ringway` command on a terminal; the Action runs in a workflow only.',
    })
  }
  const [owner = '', repo = ''] = need('GITHUB_REPOSITORY').split('/')
  const event = readEvent(environment['GITHUB_EVENT_PATH'])
  const pullRequest = readPullRequest(event)
  const sha = pullRequest?.headCommit ?? need('GITHUB_SHA')
  return {
    id: Number(need('GITHUB_RUN_ID')),
    attempt: Number(environment['GITHUB_RUN_ATTEMPT'] ?? '1'),
    url: `${need('GITHUB_SERVER_URL')}/${owner}/${repo}/actions/runs/${need('GITHUB_RUN_ID')}`,
    event: need('GITHUB_EVENT_NAME'),
    actor: environment['GITHUB_TRIGGERING_ACTOR'] || need('GITHUB_ACTOR'),
    commit: commitSha(isCommitSha(sha) ? sha : need('GITHUB_SHA')),
    ref: need('GITHUB_REF'),
    workflowRef: environment['GITHUB_WORKFLOW_REF'] ?? '',
    fork: pullRequest?.fork ?? false,
    owner,
    repo,
    apiUrl: need('GITHUB_API_URL'),
    workspace: need('GITHUB_WORKSPACE'),
    temporary: need('RUNNER_TEMP'),
    pullRequest,
  }
}

function readEvent(path: string | undefined): unknown {
  return path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'))
}

/** GITHUB_SHA of a pull request is a merge that exists on GitHub alone; what people see is the head. */
function readPullRequest(event: unknown): { number: number; headCommit: string; fork: boolean } | undefined {
  const pull = at(event, 'pull_request')
  const number = at(pull, 'number')
  const headCommit = at(at(pull, 'head'), 'sha')
  if (typeof number !== 'number' || typeof headCommit !== 'string') return undefined
  const own = at(at(event, 'repository'), 'id')
  return { number, headCommit, fork: at(at(at(pull, 'head'), 'repo'), 'id') !== own }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
