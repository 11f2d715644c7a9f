import * as z from 'zod'
import { sha } from '../payload-parts.ts'
import { originOf, originShape } from './webhook-origin.ts'

const nothing = /^0+$/

/** Commits that a push lists. Source: https://docs.github.com/webhooks/webhook-events-and-payloads#push */
const mostCommits = 2_048
/** Paths from which on a commit may list fewer than it changed: what GitHub shows of one elsewhere. */
const mostPaths = 3_000
const paths = z.array(z.string()).default([])
const pushedCommit = z
  .object({ added: paths, modified: paths, removed: paths })
  .transform(({ added, modified, removed }) => [...added, ...modified, ...removed])

/** `push`: of a branch or a tag, also when it was made or deleted. */
export const pushWebhook = z
  .object({
    ...originShape,
    ref: z.string(),
    before: sha,
    after: sha,
    forced: z.boolean(),
    commits: z.array(pushedCommit).default([]),
  })
  .transform(({ ref, before, after, forced, commits, ...origin }) => ({
    ...originOf(origin),
    /** `refs/heads/main` */
    ref,
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
    tag: ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined,
    /** Undefined when it was made. */
    before: nothing.test(before) ? undefined : before,
    /** Undefined when it was deleted. */
    after: nothing.test(after) ? undefined : after,
    isForced: forced,
    /** Paths that its commits changed; undefined where they do not tell: it goes back, adds nothing, or has more than GitHub lists. */
    paths: forced || !tellsAll(commits) ? undefined : [...new Set(commits.flat())],
  }))

function tellsAll(commits: readonly (readonly string[])[]): boolean {
  const isWhole = commits.every(paths => paths.length < mostPaths)
  return commits.length > 0 && commits.length < mostCommits && isWhole
}

/** `create`: a branch or a tag. GitHub sends none when more than three tags come with one push. */
export const createWebhook = z
  .object({ ...originShape, ref: z.string(), ref_type: z.enum(['branch', 'tag', 'repository']) })
  .transform(({ ref, ref_type, ...origin }) => ({ ...originOf(origin), name: ref, kind: ref_type }))

/** `status`: a commit status. */
export const statusWebhook = z
  .object({
    ...originShape,
    sha,
    context: z.string(),
    state: z.enum(['pending', 'success', 'failure', 'error']),
    description: z.string().nullish(),
  })
  .transform(({ sha: commit, context, state, description, ...origin }) => ({
    ...originOf(origin),
    commit,
    context,
    state,
    description: description ?? '',
  }))

const app = z
  .object({ id: z.number(), slug: z.string().optional() })
  .nullish()
  .transform(value => value ?? undefined)

/** `check_run`. `button`: the identifier of the one that the sender pressed. */
export const checkRunWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    check_run: z.object({
      id: z.number(),
      name: z.string(),
      head_sha: sha,
      external_id: z.string().nullish(),
      status: z.string(),
      conclusion: z.string().nullish(),
      app,
    }),
    requested_action: z.object({ identifier: z.string().optional() }).nullish(),
  })
  .transform(({ action, check_run: run, requested_action, ...origin }) => ({
    ...originOf(origin),
    action,
    checkRun: {
      id: run.id,
      name: run.name,
      commit: run.head_sha,
      externalId: run.external_id ?? '',
      status: run.status,
      conclusion: run.conclusion ?? undefined,
      app: run.app,
    },
    button: requested_action?.identifier,
  }))

/** `check_suite`. */
export const checkSuiteWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    check_suite: z.object({ id: z.number(), head_sha: sha, conclusion: z.string().nullish(), app }),
  })
  .transform(({ action, check_suite: suite, ...origin }) => ({
    ...originOf(origin),
    action,
    checkSuite: {
      id: suite.id,
      commit: suite.head_sha,
      conclusion: suite.conclusion ?? undefined,
      app: suite.app,
    },
  }))
