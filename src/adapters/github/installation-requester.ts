import { RingwayError } from '../../domain/ringway-error.ts'
import { type DurationMs, durationMs } from '../../domain/units.ts'
import type { CallBudget } from '../../ports/call-budget.ts'
import type { Clock } from '../../ports/clock.ts'
import { callKind } from './call-kind.ts'
import type { GithubRequester } from './github-client.ts'
import type { InstallationToken, InstallationTokens, TokenScope } from './installation-tokens.ts'
import type { CredentialedRequester } from './octokit-requester.ts'
import { readLimit } from './rate-limit.ts'

/** What every call of every installation goes through. */
export interface InstallationMeans {
  readonly requester: CredentialedRequester
  readonly tokens: InstallationTokens
  readonly budget: CallBudget
  readonly clock: Clock
  /** How long a call waits for its turn; one that would wait longer is an error, and is made later by whoever wanted it. */
  readonly patience: DurationMs
}

type Answer = Awaited<ReturnType<GithubRequester['request']>>

/** The repository that an organisation's common files stand in. */
const organisationFiles = '.github'

/** A name that was confirmed within this time is not doubted. Milliseconds. */
const trusted = 5 * 60_000

/** Asks about one repository, whatever it is called now, with a token for it alone and within the installation's budget. */
export interface InstallationRequester extends GithubRequester {
  /** What the repository is called, as far as GitHub said; undefined before it was asked, and where the scope is no single repository. */
  names(): InstallationToken['names']
}

/** @param first - the token that the scope was opened with, if it was */
export function createInstallationRequester(
  means: InstallationMeans,
  scope: TokenScope,
  first?: InstallationToken,
): InstallationRequester {
  const { requester, tokens, budget, clock } = means
  let names = first?.names

  const attempt = async (route: string, parameters: Parameters, token: InstallationToken): Promise<Answer> => {
    names = token.names
    await takeTurn(means, scope.tenant, route)
    try {
      return await requester.request(route, named(parameters, token), token.value)
    } catch (error) {
      const limit = readLimit(error)
      if (limit !== undefined) await budget.refused(scope.tenant, limit)
      throw error
    }
  }

  /** GitHub took nothing of a call that it answers with 401, so it is made again. */
  const attemptTwice = async (route: string, parameters: Parameters, token: InstallationToken): Promise<Answer> => {
    try {
      return await attempt(route, parameters, token)
    } catch (error) {
      if (statusOf(error) !== 401) throw error
      return await attempt(route, parameters, await tokens.renew(scope, token))
    }
  }

  return {
    names: () => names,
    async request(route, parameters = {}) {
      const token = await tokens.of(scope)
      if (parameters['repo'] === organisationFiles && token.names?.repo !== organisationFiles) {
        return (
          (await askWithin(means, scope.tenant, { route, parameters })) ??
          (await attemptTwice(route, parameters, token))
        )
      }
      let failure: unknown
      try {
        const answer = await attemptTwice(route, parameters, token)
        if (!isMoved(answer.status)) return answer
        failure = Object.assign(new Error('It has moved.'), { status: answer.status })
      } catch (error) {
        const isDoubtful = statusOf(error) === 404 && clock.now() - token.mintedAt > trusted
        if (!isDoubtful || token.names === undefined) throw error
        failure = error
      }
      // Every token comes with the name that its repository has at that moment.
      const renewed = await tokens.renew(scope, token)
      if (isSameName(token, renewed)) throw failure
      return await attemptTwice(route, parameters, renewed)
    },
  }
}

type Parameters = Record<string, unknown>

/**
 * Asks about the repository of the organisation's files with a token of its own: one for another repository opens it only if it is public.
 *
 * @returns undefined when the installation does not cover it
 */
async function askWithin(
  means: InstallationMeans,
  tenant: number,
  asked: { readonly route: string; readonly parameters: Parameters },
): Promise<Answer | undefined> {
  const there: TokenScope = { tenant, repository: organisationFiles, permissions: { contents: 'read' } }
  try {
    return await createInstallationRequester(means, there).request(asked.route, asked.parameters)
  } catch (error) {
    if (error instanceof RingwayError && error.code === 'app_not_installed') return undefined
    throw error
  }
}

/** Parameters that name the repository name it as GitHub does now. */
function named(parameters: Parameters, { names }: InstallationToken): Parameters {
  const isOther = parameters['owner'] === undefined || parameters['repo'] === organisationFiles
  return names === undefined || isOther ? parameters : { ...parameters, ...names }
}

function isSameName({ names: a }: InstallationToken, { names: b }: InstallationToken): boolean {
  return a?.owner === b?.owner && a?.repo === b?.repo
}

function isMoved(status: number): boolean {
  return [301, 302, 307, 308].includes(status)
}

async function takeTurn({ budget, clock, patience }: InstallationMeans, tenant: number, route: string): Promise<void> {
  for (let waited = 0; ; ) {
    const wait = await budget.take(tenant, callKind(route))
    if (wait <= 0) return
    waited += wait
    if (waited > patience) throw tooEarly(route, wait)
    await clock.sleep(durationMs(wait))
  }
}

function tooEarly(route: string, retryAfterMs: number): RingwayError {
  return new RingwayError({
    code: 'github_unreachable',
    kind: 'errored',
    message: `GitHub's limits leave no room for ${route} before ${Math.ceil(retryAfterMs / 1_000)} seconds have passed.`,
    remedy: 'Wait: it is made by itself as soon as GitHub takes it.',
    facts: { retryAfterMs },
  })
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
}
