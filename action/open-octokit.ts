import { Octokit } from '@octokit/core'
import type { GithubRequester } from '../src/adapters/github/github-client.ts'
import { hasProxy } from './has-proxy.ts'

/**
 * The GitHub client of a job. Node's own fetch knows no proxy: where the runner's machine has one, that of `@actions/github` is loaded,
 * which does. It is half of the bundle, and most machines have none.
 */
export async function openOctokit(token: string, apiUrl: string): Promise<GithubRequester> {
  if (!hasProxy()) return new Octokit({ auth: token, baseUrl: apiUrl })
  const { getOctokit } = await import('@actions/github')
  return getOctokit(token, { baseUrl: apiUrl })
}
