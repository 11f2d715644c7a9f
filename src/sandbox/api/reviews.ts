import { z } from 'zod'
import type { PullRequestReview } from '../world/issue.ts'
import type { World } from '../world.ts'
import { accountOf, causedBy } from './actor.ts'
import { ApiError, found, validationFailed } from './api-error.ts'
import { pageOf } from './page.ts'
import { type PullIssue, presentReview, presentSimplePull } from './present/pull-request.ts'
import { pullIn } from './pulls.ts'
import { ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const REVIEWS = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const
const newReview = z.object({
  body: z.string().default(''),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).default('COMMENT'),
  commit_id: z.string().optional(),
})

const dismissal = z.object({ message: z.string().min(1), event: z.literal('DISMISS').optional() })

export const reviewRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: REVIEWS,
    needs: { pull_requests: 'read' },
    handle: call => {
      const issue = pullIn(call)
      return pageOf(call, { all: issue.pull.reviews, present: review => presentReview(world, issue, review) })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: REVIEWS,
    needs: { pull_requests: 'write' },
    handle: call => {
      const issue = pullIn(call)
      return ok(presentReview(world, issue, addReview(world, call, issue)))
    },
  })
  server.repositoryRoute({
    method: 'PUT',
    path: `${REVIEWS}/{review_id}/dismissals`,
    needs: { pull_requests: 'write' },
    handle: call => {
      const issue = pullIn(call)
      call.demand({ contents: 'write' })
      call.read(dismissal)
      const id = call.id('review_id')
      const review = found(issue.pull.reviews.find(each => each.id === id))
      if (review.state === 'COMMENTED' || review.state === 'DISMISSED')
        throw new ApiError(422, 'Can not dismiss a commented pull request review')
      review.state = 'DISMISSED'
      announceReview(world, call, { issue, review, action: 'dismissed' })
      return ok(presentReview(world, issue, review))
    },
  })
}

function addReview(world: World, call: RepositoryCall, issue: PullIssue): PullRequestReview {
  const { body, event, commit_id: commitId } = call.read(newReview)
  const user = accountOf(call.actor)
  if (event !== 'COMMENT' && user.id === issue.user.id) {
    throw new ApiError(422, 'Unprocessable Entity', [{ message: 'Can not approve your own pull request' }])
  }
  if (event !== 'APPROVE' && body === '') throw validationFailed({ field: 'body', code: 'missing_field' })
  const review: PullRequestReview = {
    id: world.nextId('review'),
    user,
    body,
    state: STATES[event],
    commitId: commitId ?? issue.pull.headSha,
    submittedAt: world.now(),
  }
  issue.pull.reviews.push(review)
  announceReview(world, call, { issue, review, action: 'submitted' })
  return review
}

function announceReview(
  world: World,
  { actor }: RepositoryCall,
  { issue, review, action }: { issue: PullIssue; review: PullRequestReview; action: 'submitted' | 'dismissed' },
): void {
  world.emit({
    name: 'pull_request_review',
    action,
    repository: issue.repository,
    ...causedBy(actor),
    body: {
      // Webhooks write a review's state in lower case; the API does not.
      review: { ...presentReview(world, issue, review), state: review.state.toLowerCase() },
      pull_request: presentSimplePull(world, issue),
    },
  })
}
