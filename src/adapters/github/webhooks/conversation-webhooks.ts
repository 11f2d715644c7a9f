import * as z from 'zod'
import { account, instant, sha } from '../payload-parts.ts'
import { pullPayload } from '../pull-request-payloads.ts'
import { originOf, originShape } from './webhook-origin.ts'

/** `issue_comment`. It names no commit: which one was meant must be known from elsewhere. */
export const issueCommentWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    issue: z.object({
      number: z.number(),
      state: z.string().nullish(),
      user: account,
      pull_request: z.unknown().optional(),
    }),
    comment: z.object({
      id: z.number(),
      body: z.string().nullish(),
      user: account,
      performed_via_github_app: z.object({ id: z.number() }).nullish(),
      created_at: instant,
      updated_at: instant,
    }),
  })
  .transform(({ action, issue, comment, ...origin }) => ({
    ...originOf(origin),
    action,
    issue: {
      number: issue.number,
      isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
      isOpen: issue.state !== 'closed',
      author: issue.user,
    },
    comment: {
      id: comment.id,
      body: comment.body ?? '',
      author: comment.user,
      /** The id of the App that wrote it. */
      app: comment.performed_via_github_app?.id,
      createdAt: comment.created_at,
      updatedAt: comment.updated_at,
    },
  }))

/** `pull_request`. `before` and `after`: what a push moved its head from and to. */
export const pullRequestWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    pull_request: pullPayload,
    before: sha.optional(),
    after: sha.optional(),
  })
  .transform(({ action, pull_request: pull, before, after, ...origin }) => ({
    ...originOf(origin),
    action,
    pull,
    before,
    after,
  }))

/** `pull_request_review`. */
export const pullRequestReviewWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    pull_request: pullPayload,
    review: z.object({ id: z.number(), state: z.string(), user: account, commit_id: sha.nullish() }),
  })
  .transform(({ action, pull_request: pull, review, ...origin }) => ({
    ...originOf(origin),
    action,
    pull,
    review: {
      id: review.id,
      /** In lower case, as webhooks write it: `approved`, `changes_requested`, `commented`, `dismissed`. */
      state: review.state.toLowerCase(),
      author: review.user,
      commit: review.commit_id ?? undefined,
    },
  }))
