import { HttpClient } from '@actions/http-client'
import { Octokit } from '@octokit/core'
import { fetch } from 'undici'
import type { GithubRequester } from '../src/adapters/github/github-client.ts'

/** A GitHub client that goes through the proxy of the machine, as the runner itself does: `no_proxy` and loopback go direct. */
export function openProxiedOctokit(token: string, apiUrl: string): GithubRequester {
  const dispatcher = new HttpClient().getAgentDispatcher(apiUrl)
  const throughProxy: typeof fetch = (resource, options) =>
    fetch(resource, dispatcher === undefined ? options : { ...options, dispatcher })
  return new Octokit({ auth: token, baseUrl: apiUrl, request: { fetch: throughProxy } })
}
