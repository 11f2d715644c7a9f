import { z } from 'zod'
import { announcePull, closePull } from '../pulls/follow-heads.ts'
import { mergePull } from '../pulls/merge-pull.ts'
import { openPull } from '../pulls/open-pull.ts'
import { pullCommits, pullFiles } from '../pulls/pull-facts.ts'
import type { World } from '../world.ts'
import { found, notFound } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentCommit, presentFileChange } from './present/git.ts'
import { isPull, type PullIssue, presentPull, presentSimplePull } from './present/pull-request.ts'
import { created, noContent, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const newPull = z.object({
  title: z.string().min(1),
  body: z.string().nullable().default(null),
  head: z.string().min(1),
  base: z.string().min(1),
  draft: z.boolean().default(false),
})
const changedPull = z.object({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
})
const merge = z.object({
  commit_title: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash']).default('merge'),
})
const PULL = '/repos/{owner}/{repo}/pulls/{pull_number}'

export const pullRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    needs: { pull_requests: 'read' },
    handle: call => {
      const { repository, query } = call
      const state = query('state') ?? 'open'
      const all = [...repository.issues.values()]
        .filter(isPull)
        .filter(issue => state === 'all' || issue.state === state)
        .filter(({ pull }) => (query('base') ?? pull.baseRef) === pull.baseRef)
        .filter(({ pull }) => (query('head') ?? headLabel(pull)) === headLabel(pull))
        .toReversed()
      return pageOf(call, { all, present: issue => presentSimplePull(world, issue) })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls',
    needs: { pull_requests: 'write' },
    handle: async call => created(await presentPull(world, await openPull(world, { ...call, ...call.read(newPull) }))),
  })
  server.repositoryRoute({
    method: 'GET',
    path: PULL,
    needs: { pull_requests: 'read' },
    handle: async call => ok(await presentPull(world, pullIn(call))),
  })
  server.repositoryRoute({
    method: 'PATCH',
    path: PULL,
    needs: { pull_requests: 'write' },
    handle: async call => {
      const issue = pullIn(call)
      await changePull(world, call, issue)
      return ok(await presentPull(world, issue))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: `${PULL}/commits`,
    needs: { pull_requests: 'read' },
    handle: async call => {
      const all = await pullCommits(pullIn(call))
      return pageOf(call, { all, present: commit => presentCommit(world, call.repository, commit) })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: `${PULL}/files`,
    needs: { pull_requests: 'read' },
    handle: async call => {
      const issue = pullIn(call)
      const all = await pullFiles(issue)
      const head = issue.pull.headSha
      return pageOf(call, { all, present: change => presentFileChange(world, call.repository, { change, head }) })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: `${PULL}/merge`,
    needs: { pull_requests: 'read' },
    handle: call => (pullIn(call).pull.mergedAt === null ? { status: 404 } : noContent()),
  })
  server.repositoryRoute({
    method: 'PUT',
    path: `${PULL}/merge`,
    needs: { contents: 'write' },
    handle: async call => {
      const body = call.read(merge)
      const sha = await mergePull(world, {
        issue: pullIn(call),
        actor: call.actor,
        method: body.merge_method,
        title: body.commit_title,
        sha: body.sha,
      })
      return ok({ sha, merged: true, message: 'Pull Request successfully merged' })
    },
  })
}

export function pullIn(call: RepositoryCall): PullIssue {
  const issue = found(call.repository.issues.get(call.id('pull_number')))
  if (!isPull(issue)) throw notFound()
  return issue
}

function headLabel({ headRepository, headRef }: PullIssue['pull']): string {
  return `${headRepository.owner.login}:${headRef}`
}

async function changePull(world: World, call: RepositoryCall, issue: PullIssue): Promise<void> {
  const { actor } = call
  const changes = call.read(changedPull)
  issue.title = changes.title ?? issue.title
  if (changes.body !== undefined) issue.body = changes.body
  issue.updatedAt = world.now()
  if (changes.state === 'closed' && issue.state === 'open') {
    await closePull(world, { issue, actor })
  } else if (changes.state === 'open' && issue.state === 'closed' && issue.pull.mergedAt === null) {
    issue.state = 'open'
    issue.closedAt = null
    await announcePull(world, { issue, actor, action: 'reopened' })
  } else {
    await announcePull(world, { issue, actor, action: 'edited', extra: { changes: {} } })
  }
}
