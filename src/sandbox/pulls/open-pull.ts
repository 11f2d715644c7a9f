import type { Actor } from '../api/actor.ts'
import { validationFailed } from '../api/api-error.ts'
import { isPull, type PullIssue } from '../api/present/pull-request.ts'
import { addIssue } from '../issues/open-issue.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { announcePull } from './follow-heads.ts'
import { keepHead } from './keep-head.ts'

export interface NewPull {
  readonly repository: Repository
  readonly actor: Actor
  readonly title: string
  readonly body: string | null
  /** `branch`, or `owner:branch` of a fork. */
  readonly head: string
  readonly base: string
  readonly draft: boolean
}

/** @throws {ApiError} 422 as GitHub: unknown branches, nothing between them, or already open */
export async function openPull(world: World, request: NewPull): Promise<PullIssue> {
  const { repository, actor } = request
  const { headRepository, headRef } = headOf(world, request)
  const [headSha, baseSha] = await Promise.all([
    headRepository.git.commitOf(`refs/heads/${headRef}`),
    repository.git.commitOf(`refs/heads/${request.base}`),
  ])
  if (headSha === undefined) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' })
  if (baseSha === undefined) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  if (headSha === baseSha) {
    const message = `No commits between ${request.base} and ${request.head}`
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message })
  }
  const twin = [...repository.issues.values()]
    .filter(isPull)
    .find(({ pull, state }) => state === 'open' && pull.headRepository === headRepository && pull.headRef === headRef)
  if (twin?.pull.baseRef === request.base) {
    const message = `A pull request already exists for ${headRepository.owner.login}:${headRef}.`
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message })
  }
  const pull = {
    id: world.nextId('pull_request'),
    headRepository,
    headRef,
    headSha,
    baseRef: request.base,
    baseSha,
    draft: request.draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    reviews: [],
  }
  const issue: PullIssue = addIssue(world, { repository, actor, title: request.title, body: request.body, pull })
  await keepHead(issue)
  await announcePull(world, { issue, actor, action: 'opened' })
  return issue
}

function headOf(world: World, { repository, head }: NewPull): { headRepository: Repository; headRef: string } {
  const [, owner, branch] = /^([^:]+):(.+)$/.exec(head) ?? []
  if (owner === undefined || branch === undefined) return { headRepository: repository, headRef: head }
  const candidates = [...world.repositories.values()].filter(
    each =>
      each.owner.login.toLowerCase() === owner.toLowerCase() && (each === repository || each.parent === repository),
  )
  const headRepository = candidates[0]
  if (headRepository === undefined) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' })
  return { headRepository, headRef: branch }
}
