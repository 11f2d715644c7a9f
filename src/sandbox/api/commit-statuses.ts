import { z } from 'zod'
import type { CommitStatus } from '../world/commit-status.ts'
import type { World } from '../world.ts'
import { causedBy } from './actor.ts'
import { ApiError, found } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentCombinedStatus, presentStatus } from './present/commit-status.ts'
import { presentCommit } from './present/git.ts'
import { repositoryUrl } from './present/repository.ts'
import { created, ok, type Reply, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

/** GitHub's cap for one context on one commit. */
const MAX_STATUSES = 1000

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullable().default(null),
  description: z.string().max(140, 'description is too long (maximum is 140 characters)').nullable().default(null),
  context: z.string().default('default'),
})

export const commitStatusRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/statuses/{sha}',
    needs: { statuses: 'write' },
    handle: call => createStatus(world, call),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/status',
    needs: { statuses: 'read' },
    handle: async call => {
      const { repository } = call
      const { sha, newestFirst } = await statusesAt(call)
      const newest = new Map(newestFirst.toReversed().map(status => [status.context, status]))
      return ok(presentCombinedStatus(world, repository, { sha, statuses: [...newest.values()] }))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/statuses',
    needs: { statuses: 'read' },
    handle: async call => {
      const { newestFirst } = await statusesAt(call)
      return pageOf(call, { all: newestFirst, present: status => presentStatus(world, call.repository, status) })
    },
  })
}

async function statusesAt(call: RepositoryCall): Promise<{ sha: string; newestFirst: CommitStatus[] }> {
  const { git, commitStatuses } = call.repository
  const sha = found(await git.commitOf(call.param('ref')))
  return { sha, newestFirst: commitStatuses.filter(status => status.sha === sha).toReversed() }
}

async function createStatus(world: World, call: RepositoryCall): Promise<Reply> {
  const { repository, actor } = call
  const { git, commitStatuses } = repository
  const sha = call.param('sha')
  if ((await git.typeOf(sha)) !== 'commit') throw new ApiError(422, `No commit found for SHA: ${sha}`)
  const body = call.read(newStatus)
  const same = commitStatuses.filter(status => status.sha === sha && status.context === body.context)
  if (same.length >= MAX_STATUSES)
    throw new ApiError(422, 'This SHA and context has reached the maximum number of statuses.')
  const { sender } = causedBy(actor)
  const status: CommitStatus = {
    id: world.nextId('commit_status'),
    sha,
    state: body.state,
    context: body.context,
    description: body.description,
    targetUrl: body.target_url,
    creator: sender,
    createdAt: world.now(),
  }
  commitStatuses.push(status)
  await announceStatus(world, call, status)
  return created(presentStatus(world, repository, status))
}

async function announceStatus(
  world: World,
  { repository, actor }: RepositoryCall,
  status: CommitStatus,
): Promise<void> {
  const branches = (await repository.git.refs('refs/heads/')).filter(ref => ref.sha === status.sha)
  const commit = presentCommit(world, repository, await repository.git.commit(status.sha))
  world.emit({
    name: 'status',
    action: null,
    repository,
    ...causedBy(actor),
    body: {
      id: status.id,
      sha: status.sha,
      name: `${repository.owner.login}/${repository.name}`,
      target_url: status.targetUrl,
      avatar_url: `${world.serverUrl}/avatars/${status.creator.id}`,
      context: status.context,
      description: status.description,
      state: status.state,
      commit,
      branches: branches.map(ref => ({
        name: ref.name.replace('refs/heads/', ''),
        commit: { sha: ref.sha, url: `${repositoryUrl(world, repository)}/commits/${ref.sha}` },
        protected: repository.protectedBranches.has(ref.name.replace('refs/heads/', '')),
      })),
      created_at: status.createdAt,
      updated_at: status.createdAt,
    },
  })
}
