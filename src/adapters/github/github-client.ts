import { RingwayError } from '../../domain/ringway-error.ts'
import { type DurationMs, durationMs } from '../../domain/units.ts'

/** The part of Octokit that is used here. */
export interface GithubRequester {
  request(
    route: string,
    parameters?: Record<string, unknown>,
  ): Promise<{
    readonly status: number
    readonly data: unknown
    readonly headers: Readonly<Record<string, string | number | undefined>>
  }>
}

/** A GitHub API answer. */
export interface GithubAnswer {
  readonly status: number
  readonly data: unknown
  /** The route of the next page, when there is one. */
  readonly next: string | undefined
}

/** One repository on GitHub, asked with one token. */
export interface GithubClient {
  readonly owner: string
  readonly repo: string

  /** The name of the default branch; GitHub is asked once. */
  defaultBranch(): Promise<string>

  /** Asks; retries what is safe to ask again. @returns undefined for 404 */
  read(route: string, parameters?: Record<string, unknown>): Promise<GithubAnswer | undefined>

  /**
   * Changes something, once. An answer that was lost (a cut connection, 5xx) is never asked again blindly: `look` tells whether the
   * effect took place.
   */
  change<T>(change: Change<T>): Promise<T>
}

/** One change. */
export interface Change<T> {
  readonly route: string
  readonly parameters: Record<string, unknown>
  readonly decode: (data: unknown) => T
  /** The effect, if it is there already. Absent: the change may be repeated, it has the same effect each time. */
  readonly look?: () => Promise<T | undefined>
  /** Answers that mean something else than success, by status. */
  readonly answers?: (status: number, message: string) => T | undefined
}

const attempts = 4

/** Adapts Octokit: owner and repository filled in, errors in our words, one retry policy. */
export function createGithubClient(connection: {
  readonly octokit: GithubRequester
  readonly owner: string
  readonly repo: string
  readonly sleep: (duration: DurationMs) => Promise<void>
}): GithubClient {
  const { octokit, owner, repo, sleep } = connection
  const ask = async (route: string, parameters: Record<string, unknown>): Promise<GithubAnswer> => {
    // The link to a next page is a whole URL: it takes no parameters of ours.
    const place = route.includes('://') ? {} : { owner, repo }
    const answer = await octokit.request(route, { ...place, ...parameters })
    return { status: answer.status, data: answer.data, next: nextPage(answer.headers['link']) }
  }

  let defaultBranch: Promise<string> | undefined
  const client: GithubClient = {
    owner,
    repo,
    defaultBranch() {
      defaultBranch ??= readDefaultBranch(client)
      return defaultBranch
    },
    async read(route, parameters = {}) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await ask(route, parameters)
        } catch (error) {
          const failure = readFailure(error)
          if (failure.status === 404) return undefined
          if (!failure.retryable || attempt === attempts) throw asRingwayError(failure, route, error)
          await sleep(failure.retryAfter ?? durationMs(250 * 2 ** attempt))
        }
      }
    },
    async change(change) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return change.decode((await ask(change.route, change.parameters)).data)
        } catch (error) {
          const failure = readFailure(error)
          const answer = change.answers?.(failure.status, failure.message)
          if (answer !== undefined) return answer
          if (!failure.retryable || attempt === attempts) throw asRingwayError(failure, change.route, error)
          await sleep(failure.retryAfter ?? durationMs(250 * 2 ** attempt))
          const there = failure.refused ? undefined : await change.look?.()
          if (there !== undefined) return there
        }
      }
    },
  }
  return client
}

async function readDefaultBranch(client: GithubClient): Promise<string> {
  const repository = await client.read('GET /repos/{owner}/{repo}')
  const name = field(repository?.data, 'default_branch')
  if (typeof name === 'string') return name
  throw new RingwayError({
    code: 'github_denied',
    message: `GitHub shows no default branch of ${client.owner}/${client.repo} to this token.`,
    remedy: 'Check the repository name, and that the job has `contents: read`.',
  })
}

/** Reads page after page of a list, as far as the caller iterates. */
export async function* pages(
  client: GithubClient,
  route: string,
  parameters: Record<string, unknown>,
): AsyncGenerator<unknown> {
  let answer = await client.read(route, { per_page: 100, ...parameters })
  while (answer !== undefined) {
    yield answer.data
    answer = answer.next === undefined ? undefined : await client.read(`GET ${answer.next}`)
  }
}

interface Failure {
  /** 0: no answer at all. */
  readonly status: number
  readonly message: string
  readonly retryable: boolean
  /** GitHub said that it did nothing, so there is nothing to look for. */
  readonly refused: boolean
  readonly retryAfter: DurationMs | undefined
}

function readFailure(error: unknown): Failure {
  const status = numberField(error, 'status') ?? 0
  const message = error instanceof Error ? error.message : String(error)
  const headers = field(field(error, 'response'), 'headers')
  const limited = status === 429 || (status === 403 && /rate limit|abuse/i.test(message))
  // Octokit gives a failed connection the status 500 and no response.
  return {
    status,
    message,
    retryable: limited || status >= 500 || status === 0,
    refused: limited,
    retryAfter: limited ? limitEnds(headers) : undefined,
  }
}

/** GitHub asks for `retry-after`, else for the reset, else for at least a minute. A job waits two minutes at most. */
function limitEnds(headers: unknown): DurationMs {
  const seconds = Number(field(headers, 'retry-after') ?? 60)
  return durationMs(Math.min(Math.max(Number.isFinite(seconds) ? seconds : 60, 1), 120) * 1000)
}

function asRingwayError(failure: Failure, route: string, cause: unknown): RingwayError {
  const asked = route.replace(/\{\?.*$/, '')
  if (failure.retryable) {
    return new RingwayError({
      code: 'github_unreachable',
      kind: 'errored',
      message: `GitHub did not answer ${asked} as it should: ${failure.message}`,
      remedy: 'Look at githubstatus.com, then re-run the job: what was done is not done twice.',
      facts: { status: failure.status },
      cause,
    })
  }
  return new RingwayError({
    code: 'github_denied',
    message: `GitHub refused ${asked} with ${failure.status}: ${failure.message}`,
    remedy: 'Compare the permissions of the job with those in the README; the token may lack one.',
    facts: { status: failure.status },
    cause,
  })
}

function nextPage(link: string | number | undefined): string | undefined {
  return typeof link === 'string' ? /<([^>]+)>;\s*rel="next"/.exec(link)?.[1] : undefined
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function numberField(value: unknown, key: string): number | undefined {
  const found = field(value, key)
  return typeof found === 'number' ? found : undefined
}
