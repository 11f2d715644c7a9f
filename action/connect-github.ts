import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ActionsRun } from '../src/adapters/actions/current-run.ts'
import { createGithubClient, type GithubClient } from '../src/adapters/github/github-client.ts'
import { createGithubRepository } from '../src/adapters/github/repository.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Repository } from '../src/ports/repository.ts'
import type { Command, Inputs } from './inputs.ts'
import { openOctokit } from './open-octokit.ts'

/** GitHub as one run asks it. */
export interface GithubConnection {
  readonly client: GithubClient
  readonly repository: Repository
}

/** What begins by reading the ring file of the default branch, and needs it whatever else it finds. */
const beginWithRings: readonly Command[] = ['deploy', 'promote', 'rollback', 'status']

/**
 * Connects, and asks for the ring file where it will be needed. Resolves when that question has left, so that the rest of the Action is
 * loaded while the answer is on its way: loading blocks, and would keep a connection from being made.
 */
export async function connectGithub(
  inputs: Pick<Inputs, 'token' | 'command' | 'ringFile'>,
  run: Pick<ActionsRun, 'apiUrl' | 'owner' | 'repo'>,
  clock: Clock,
): Promise<GithubConnection> {
  const { owner, repo, apiUrl } = run
  const octokit = await openOctokit(inputs.token, apiUrl)
  const client = createGithubClient({ octokit, owner, repo, sleep: duration => clock.sleep(duration) })
  const repository = createGithubRepository(client)
  if (beginWithRings.includes(inputs.command)) {
    const sent = requestSent()
    // Whoever reads the file gets this answer; a failure is theirs to tell.
    const answered = repository.readText({ path: inputs.ringFile }).catch(() => {})
    await Promise.race([sent, answered])
  }
  return { client, repository }
}

/** Source: https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md */
const channel = 'undici:client:sendHeaders'

function requestSent(): Promise<void> {
  return new Promise(resolve => {
    const onSent = (): void => {
      unsubscribe(channel, onSent)
      resolve()
    }
    subscribe(channel, onSent)
  })
}
