import { z } from 'zod'
import { runGit } from '../../git/run-git.ts'
import { eventPayload } from '../../webhooks/payload.ts'
import type { Issue, PullRequest, Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { toJson } from '../expression/json.ts'
import type { RepositoryEvent } from './repository-event.ts'
import type { Triggering } from './triggering.ts'

const pullRequestBody = z.object({ pull_request: z.object({ number: z.number() }) })

export async function pullRequestTriggering(world: World, event: RepositoryEvent): Promise<Triggering | undefined> {
  const { repository } = event
  const { number } = pullRequestBody.parse(event.body).pull_request
  const issue = repository.issues.get(number)
  if (issue?.pull == null) return undefined
  const { pull } = issue
  const sha = pull.mergeCommitSha ?? (await mergeWithBase(repository, issue, pull))
  // GitHub starts nothing for a pull request that conflicts with its base.
  if (sha === undefined) return undefined
  return {
    facts: {
      event: 'pull_request',
      action: event.action ?? undefined,
      branch: pull.baseRef,
      changedPaths: () => changedPaths(repository, pull),
    },
    title: issue.title,
    trigger: {
      event: 'pull_request',
      payload: toJson(eventPayload(world, event)),
      ref: `refs/pull/${number}/merge`,
      sha,
      headSha: pull.headSha,
      headBranch: pull.headRef,
      actor: event.sender,
      inputs: {},
      pull: {
        number,
        headRef: pull.headRef,
        baseRef: pull.baseRef,
        isFork: pull.headRepository.id !== repository.id,
      },
    },
  }
}

async function changedPaths({ git }: Repository, { baseSha, headSha }: PullRequest): Promise<readonly string[]> {
  const output = await git.text(['diff', '--name-only', '-z', `${baseSha}...${headSha}`])
  return output.split('\0').filter(path => path !== '')
}

const MERGE_AUTHOR = {
  GIT_AUTHOR_NAME: 'GitHub',
  GIT_AUTHOR_EMAIL: 'noreply@github.com',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@github.com',
}

/** The test merge that GitHub keeps at `refs/pull/<n>/merge`; undefined when the two sides conflict. */
async function mergeWithBase(repository: Repository, issue: Issue, pull: PullRequest): Promise<string | undefined> {
  const { git } = repository
  const base = await git.commitOf(`refs/heads/${pull.baseRef}`)
  if (base === undefined) return undefined
  const tree = await git.text(['merge-tree', '--write-tree', base, pull.headSha]).catch(() => undefined)
  if (tree === undefined) return undefined
  const message = `Merge ${pull.headSha} into ${base}`
  const output = await runGit({
    directory: git.directory,
    args: ['commit-tree', tree.trim(), '-p', base, '-p', pull.headSha, '-m', message],
    env: MERGE_AUTHOR,
  })
  const sha = output.toString('utf8').trim()
  await git.text(['update-ref', `refs/pull/${issue.number}/merge`, sha])
  return sha
}
