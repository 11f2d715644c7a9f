import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { GithubRole } from '../../domain/policy/grant.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { NamedRepository, TokenOwner, UserTokens } from '../../ports/user-tokens.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { CredentialedRequester } from './octokit-requester.ts'
import { readLimit } from './rate-limit.ts'

const userPayload = z.object({ id: z.number(), login: z.string() })

/** A role of the organisation's own making counts as the strongest of GitHub's that it includes. */
const permissions = z
  .object({
    admin: z.boolean().optional(),
    maintain: z.boolean().optional(),
    push: z.boolean().optional(),
    triage: z.boolean().optional(),
    pull: z.boolean().optional(),
  })
  .transform((may): GithubRole | undefined => {
    if (may.admin === true) return 'admin'
    if (may.maintain === true) return 'maintain'
    if (may.push === true) return 'write'
    if (may.triage === true) return 'triage'
    return may.pull === true ? 'read' : undefined
  })

const repositoryPayload = z.object({ id: z.number(), permissions })

/** Milliseconds: whoever loses access on GitHub loses it here after a minute at the latest. */
const keptFor = 60_000
const most = 10_000
/** Pages of a hundred repositories. */
const mostPages = 50

/**
 * What GitHub says to people's own tokens, so with everything that it knows: membership, single sign-on, suspended accounts. A token is kept only
 * as its hash.
 *
 * @param monotonic - milliseconds of a clock that never jumps
 */
export function createGithubUserTokens(requester: CredentialedRequester, monotonic: () => number): UserTokens {
  const limits = { keptFor, most, monotonic }
  const owners = createAnswerCache<TokenOwner | undefined>(limits)
  const roles = createAnswerCache<GithubRole | undefined>(limits)
  const lists = createAnswerCache<ReadonlyMap<number, GithubRole>>(limits)
  return {
    owner: token => owners.get(hashOf(token), () => readOwner(requester, token)),
    role: (token, repository) =>
      roles.get(`${hashOf(token)} ${repository.owner}/${repository.name} ${repository.repository}`, () =>
        readRole(requester, token, repository),
      ),
    repositories: token => lists.get(hashOf(token), () => readRepositories(requester, token)),
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}

async function readOwner(requester: CredentialedRequester, token: string): Promise<TokenOwner | undefined> {
  const answer = await ask(requester, token, { route: 'GET /user' })
  if (answer === undefined) return undefined
  const { id, login } = userPayload.parse(answer.data)
  // Only of a classic token GitHub says what it is for.
  // Source: https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
  const scopes = String(answer.headers['x-oauth-scopes'] ?? '').split(/, */)
  return { id, login, mayWrite: scopes.includes('repo') }
}

async function readRole(
  requester: CredentialedRequester,
  token: string,
  { owner, name, repository }: NamedRepository,
): Promise<GithubRole | undefined> {
  const answer = await ask(requester, token, { route: 'GET /repos/{owner}/{repo}', parameters: { owner, repo: name } })
  const found = answer?.status === 200 ? repositoryPayload.parse(answer.data) : undefined
  // Somebody else's repository may have the name by now.
  return found?.id === repository ? found.permissions : undefined
}

async function readRepositories(
  requester: CredentialedRequester,
  token: string,
): Promise<ReadonlyMap<number, GithubRole>> {
  const roles = new Map<number, GithubRole>()
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await ask(requester, token, { route: 'GET /user/repos', parameters: { per_page: 100, page } })
    const found = z.array(repositoryPayload).parse(answer?.data ?? [])
    for (const { id, permissions: role } of found) if (role !== undefined) roles.set(id, role)
    if (found.length < 100) break
  }
  return roles
}

type Answer = Awaited<ReturnType<CredentialedRequester['request']>>

/** @returns undefined where GitHub does not show this to the token: it is unknown, not signed on, or the thing is not there */
async function ask(
  requester: CredentialedRequester,
  token: string,
  { route, parameters = {} }: { readonly route: string; readonly parameters?: Record<string, unknown> },
): Promise<Answer | undefined> {
  try {
    return await requester.request(route, parameters, token)
  } catch (error) {
    const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined
    const isAnswer = error instanceof Error && 'response' in error && error.response !== undefined
    if (isAnswer && typeof status === 'number' && status < 500 && readLimit(error) === undefined) return undefined
    throw new RingwayError({
      code: 'github_unreachable',
      kind: 'errored',
      message: `GitHub could not be asked what it shows to the token (${route}).`,
      remedy: 'Look at githubstatus.com, then ask again.',
      // Its own error holds the request, and with it the token.
      facts: typeof status === 'number' ? { status } : {},
    })
  }
}
