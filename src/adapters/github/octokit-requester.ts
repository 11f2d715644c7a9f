import { Octokit } from '@octokit/core'
import type { GithubRequester } from './github-client.ts'

/** Asks GitHub with the credentials of each call. */
export interface CredentialedRequester {
  request(
    route: string,
    parameters: Record<string, unknown>,
    credentials: string,
  ): ReturnType<GithubRequester['request']>
}

/** Milliseconds. GitHub itself gives a request up after ten seconds. */
const answerWithin = 30_000

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Plain Octokit without plugins: it neither retries nor waits, follows no redirection (it would take a write somewhere as a read) and
 * logs nothing.
 *
 * @param apiUrl - such as `https://api.github.com`
 */
export function createOctokitRequester(apiUrl: string): CredentialedRequester {
  const octokit = new Octokit({ baseUrl: apiUrl.replace(/\/+$/, ''), userAgent: 'ringway', log: silent })
  return {
    async request(route, parameters, credentials) {
      const answer = await octokit.request(route, {
        ...parameters,
        headers: { authorization: `Bearer ${credentials}` },
        request: { redirect: 'manual', signal: AbortSignal.timeout(answerWithin) },
      })
      return { status: answer.status, data: answer.data, headers: answer.headers }
    },
  }
}
