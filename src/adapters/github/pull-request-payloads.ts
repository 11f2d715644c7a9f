import * as z from 'zod'
import type { CommitFacts, PullRequest } from '../../ports/pull-requests.ts'
import { account, instant, sha } from './payload-parts.ts'

/** Checked decoders of pull requests and of commits as GitHub lists them. */

const repositoryId = z.object({ id: z.number() }).nullish()

export const pullPayload = z
  .object({
    number: z.number(),
    title: z.string(),
    html_url: z.string(),
    state: z.enum(['open', 'closed']),
    draft: z.boolean().nullish(),
    merged_at: instant.nullish(),
    merge_commit_sha: sha.nullish(),
    head: z.object({ sha, ref: z.string(), repo: repositoryId }),
    base: z.object({ sha, ref: z.string(), repo: repositoryId }),
    labels: z.array(z.object({ name: z.string() })),
    user: account,
  })
  .transform((pull): PullRequest => {
    const isMerged = pull.merged_at !== undefined && pull.merged_at !== null
    return {
      number: pull.number,
      title: pull.title,
      url: pull.html_url,
      state: pull.state,
      isDraft: pull.draft === true,
      isMerged,
      mergeCommit: isMerged ? (pull.merge_commit_sha ?? undefined) : undefined,
      head: {
        commit: pull.head.sha,
        branch: pull.head.ref,
        repository: pull.head.repo?.id,
        // The repository of a deleted fork is null.
        isFork: pull.head.repo?.id === undefined || pull.head.repo.id !== pull.base.repo?.id,
      },
      base: { commit: pull.base.sha, branch: pull.base.ref },
      labels: pull.labels.map(label => label.name),
      author: pull.user,
    }
  })

export const reviewsPayload = z.array(z.object({ user: account, state: z.string(), commit_id: sha.nullish() }))

/** An account that is not one is an empty object. */
const author = z.union([account, z.object({}).transform(() => undefined)])

export const commitPayload = z
  .object({
    sha,
    commit: z.object({
      message: z.string(),
      verification: z.object({ verified: z.boolean() }).optional(),
    }),
    author,
    committer: author,
  })
  .transform(
    (commit): CommitFacts => ({
      commit: commit.sha,
      subject: commit.commit.message.split('\n', 1)[0] ?? '',
      author: commit.author,
      committer: commit.committer,
      isVerified: commit.commit.verification?.verified === true,
    }),
  )

export const comparisonPayload = z.object({
  status: z.enum(['ahead', 'behind', 'identical', 'diverged']),
  behind_by: z.number(),
  total_commits: z.number(),
  commits: z.array(commitPayload),
})
