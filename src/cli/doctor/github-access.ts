import { spawnSync } from 'node:child_process'
import { Octokit } from 'octokit'
import { createGithubClient, type GithubClient } from '../../adapters/github/github-client.ts'
import { apiUrlOf, type Origin } from '../origin.ts'

/** Milliseconds for one answer, and for the GitHub CLI. */
const patienceMs = 10_000

/**
 * The token that this terminal has for the server of `origin`: variables, else the GitHub CLI's. A token for github.com is never sent to
 * another server.
 */
export function findToken(
  origin: Origin,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const isGithubs = origin.host === 'github.com' || origin.host.endsWith('.ghe.com')
  const isMeant = isGithubs || (environment['GITHUB_API_URL'] ?? '') !== ''
  const given = isMeant
    ? environment['GITHUB_TOKEN'] || environment['GH_TOKEN']
    : environment['GH_ENTERPRISE_TOKEN'] || environment['GITHUB_ENTERPRISE_TOKEN']
  return given || askGithubCli(origin.host)
}

function askGithubCli(host: string): string | undefined {
  const asked = spawnSync('gh', ['auth', 'token', '--hostname', host], { encoding: 'utf8', timeout: patienceMs })
  return asked.status === 0 ? asked.stdout.trim() || undefined : undefined
}

/** Asks each question once: a person waits, and can ask again. */
export function connect(origin: Origin, token: string): GithubClient {
  const octokit = new Octokit({
    auth: token,
    baseUrl: apiUrlOf(origin, process.env),
    retry: { enabled: false },
    throttle: { enabled: false },
    request: {
      fetch: (url: string, options: RequestInit) => fetch(url, { ...options, signal: AbortSignal.timeout(patienceMs) }),
    },
  })
  const { owner, name: repo } = origin
  return createGithubClient({ octokit, owner, repo, sleep: () => Promise.resolve() })
}
