import { RingwayError } from '../../domain/ringway-error.ts'
import { type DurationMs, durationMs } from '../../domain/units.ts'
import { readLimit } from './rate-limit.ts'

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

/** GitHub, asked with one retry policy. */
export interface GithubCalls {
  /** Asks; retries what is safe to ask again. @returns undefined for 404 */
  read(route: string, parameters?: Record<string, unknown>): Promise<GithubAnswer | undefined>

  /**
   * Changes something, once. An answer that was lost (a cut connection, 5xx) is never asked again blindly: `look` tells whether the
   * effect took place.
   */
  change<T>(change: Change<T>): Promise<T>
}

/** One repository on GitHub: `{owner}` and `{repo}` in a route are filled in. */
export interface GithubClient extends GithubCalls {
  readonly owner: string
  readonly repo: string

  /** The name of the default branch; GitHub is asked once. */
  defaultBranch(): Promise<string>
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

/** How GitHub is asked. */
export interface GithubConnection {
  readonly octokit: GithubRequester
  readonly sleep: (duration: DurationMs) => Promise<void>
  /** The longest wait for the end of a rate limit; a longer one is an error. @default unlimited, but never more than two minutes at once */
  readonly patience?: DurationMs
  /** What a person does about a refusal. */
  readonly remedies?: Remedies
  /** Remembers the name of the default branch for longer than one client lives. @default asks once per client */
  readonly rememberBranch?: (ask: () => Promise<string>) => Promise<string>
}

/** What a person does when GitHub cannot be asked, and when it refuses. */
export interface Remedies {
  readonly unreachable: string
  readonly denied: string
}

const remediesOfJob: Remedies = {
  unreachable: 'Look at githubstatus.com, then re-run the job: what was done is not done twice.',
  denied: 'Compare the permissions of the job with those in the README; the token may lack one.',
}

/** Adapts Octokit to one repository. The names are read at each call: they may change while a client is in use. */
export function createGithubClient(
  connection: GithubConnection & { readonly owner: string; readonly repo: string },
): GithubClient {
  const calls = createGithubCalls(connection, () => ({ owner: connection.owner, repo: connection.repo }))
  const { rememberBranch = ask => ask() } = connection
  let defaultBranch: Promise<string> | undefined
  const client: GithubClient = {
    ...calls,
    get owner() {
      return connection.owner
    },
    get repo() {
      return connection.repo
    },
    defaultBranch() {
      defaultBranch ??= rememberBranch(() => readDefaultBranch(client))
      return defaultBranch
    },
  }
  return client
}

/**
 * Adapts Octokit: errors in our words, one retry policy.
 *
 * @param place - what fills in `{owner}` and `{repo}`
 */
export function createGithubCalls(
  connection: GithubConnection,
  place: () => { readonly owner?: string; readonly repo?: string } = () => ({}),
): GithubCalls {
  const { octokit, sleep, patience, remedies = remediesOfJob } = connection
  const ask = async (route: string, parameters: Record<string, unknown>): Promise<GithubAnswer> => {
    // Octokit puts what a route has no place for into the query; the link to a next page is a whole URL.
    const answer = await octokit.request(route, { ...(route.includes('{owner}') ? place() : {}), ...parameters })
    return { status: answer.status, data: answer.data, next: nextPage(answer.headers['link']) }
  }
  const waitOrThrow = async (failure: Failure, attempt: number, asked: { route: string; error: unknown }) => {
    const wait = failure.retryAfter ?? durationMs(250 * 2 ** attempt)
    const isTooLong = patience !== undefined && wait > patience
    if (!failure.retryable || attempt === attempts || isTooLong) throw asRingwayError({ failure, remedies, ...asked })
    await sleep(durationMs(Math.min(wait, longestWait)))
  }

  return {
    async read(route, parameters = {}) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await ask(route, parameters)
        } catch (error) {
          const failure = readFailure(error)
          if (failure.status === 404) return undefined
          await waitOrThrow(failure, attempt, { route, error })
        }
      }
    },
    async change(change) {
      for (let attempt = 1; ; attempt += 1) {
        let data: unknown
        try {
          data = (await ask(change.route, change.parameters)).data
        } catch (error) {
          const failure = readFailure(error)
          const answer = change.answers?.(failure.status, failure.message)
          if (answer !== undefined) return answer
          await waitOrThrow(failure, attempt, { route: change.route, error })
          const there = failure.refused ? undefined : await change.look?.()
          if (there !== undefined) return there
          continue
        }
        // Outside of the attempt: it took effect, and an answer of an unknown shape must not have it sent again.
        return change.decode(data)
      }
    },
  }
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
  client: Pick<GithubCalls, 'read'>,
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
  // What decides before GitHub is asked has said all there is to say.
  if (error instanceof RingwayError) throw error
  const status = numberField(error, 'status') ?? 0
  const message = error instanceof Error ? error.message : String(error)
  const limit = readLimit(error)
  // Octokit gives a failed connection the status 500 and no response.
  return {
    status,
    message,
    retryable: limit !== undefined || status >= 500 || status === 0,
    refused: limit !== undefined,
    retryAfter: limit === undefined ? undefined : durationMs(Math.max(limit.retryAfterMs ?? 60_000, 1_000)),
  }
}

/** Milliseconds. Nobody watches a job that sleeps longer. */
const longestWait = 120_000

function asRingwayError(request: {
  readonly failure: Failure
  readonly remedies: Remedies
  readonly route: string
  readonly error: unknown
}): RingwayError {
  const { failure, remedies, route, error: cause } = request
  const asked = route.replace(/\{\?.*$/, '')
  if (failure.retryable) {
    return new RingwayError({
      code: 'github_unreachable',
      kind: 'errored',
      message: `GitHub did not answer ${asked} as it should: ${failure.message}`,
      remedy: remedies.unreachable,
      facts: {
        status: failure.status,
        ...(failure.retryAfter === undefined ? {} : { retryAfterMs: failure.retryAfter }),
      },
      cause,
    })
  }
  return new RingwayError({
    code: 'github_denied',
    message: `GitHub refused ${asked} with ${failure.status}: ${failure.message}`,
    remedy: remedies.denied,
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
