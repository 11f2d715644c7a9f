import type { CommitStatus } from '../../world/commit-status.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { presentMinimalRepository, repositoryUrl } from './repository.ts'
import { presentUser } from './user.ts'

/** GitHub's `simple-commit-status`, as the combined status lists it. */
function presentSimpleStatus(world: World, repository: Repository, status: CommitStatus): Record<string, unknown> {
  return {
    id: status.id,
    node_id: nodeId('SC', status.id),
    url: `${repositoryUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: `${world.serverUrl}/avatars/${status.creator.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  }
}

/** GitHub's `status`. */
export function presentStatus(world: World, repository: Repository, status: CommitStatus): Record<string, unknown> {
  return { ...presentSimpleStatus(world, repository, status), creator: presentUser(world, status.creator) }
}

/** GitHub's `combined-commit-status`, of the newest status of each context. */
export function presentCombinedStatus(
  world: World,
  repository: Repository,
  { sha, statuses }: { sha: string; statuses: readonly CommitStatus[] },
): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/commits/${sha}`
  const isBad = statuses.some(({ state }) => state === 'failure' || state === 'error')
  const isGood = statuses.length > 0 && statuses.every(({ state }) => state === 'success')
  return {
    state: isBad ? 'failure' : isGood ? 'success' : 'pending',
    statuses: statuses.map(status => presentSimpleStatus(world, repository, status)),
    sha,
    total_count: statuses.length,
    repository: presentMinimalRepository(world, repository),
    commit_url: url,
    url: `${url}/status`,
  }
}
