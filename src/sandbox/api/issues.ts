import { z } from 'zod'
import { announceIssue, openIssue } from '../issues/open-issue.ts'
import type { Issue, Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { found, notFound } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentIssue } from './present/issue.ts'
import { presentLabel } from './present/label.ts'
import { created, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const label = z
  .union([z.string(), z.object({ name: z.string() })])
  .transform(each => (typeof each === 'string' ? each : each.name))
const newIssue = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().nullable().default(null),
  labels: z.array(label).default([]),
})
const changedIssue = z.object({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  labels: z.array(label).optional(),
})
const labels = z.object({ labels: z.array(label) })

export const issueRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues',
    needs: { issues: 'read' },
    handle: call => {
      const { repository, query } = call
      const state = query('state') ?? 'open'
      const wanted = query('labels')?.split(',') ?? []
      const all = [...repository.issues.values()]
        .filter(issue => state === 'all' || issue.state === state)
        .filter(issue => wanted.every(name => issue.labels.includes(name)))
        .toReversed()
      return pageOf(call, { all, present: issue => presentIssue(world, issue) })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues',
    needs: { issues: 'write' },
    handle: call => created(presentIssue(world, openIssue(world, { ...call, ...call.read(newIssue) }))),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    needs: { metadata: 'read' },
    handle: call => ok(presentIssue(world, issueIn(call, 'read'))),
  })
  server.repositoryRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    needs: { metadata: 'read' },
    handle: call => {
      const issue = issueIn(call, 'write')
      changeIssue(world, call, issue)
      return ok(presentIssue(world, issue))
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    needs: { metadata: 'read' },
    handle: call => {
      const issue = issueIn(call, 'write')
      issue.labels = [...new Set([...issue.labels, ...call.read(labels).labels])]
      return ok(issue.labels.map(name => presentLabel(world, call.repository, name)))
    },
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
    needs: { metadata: 'read' },
    handle: call => {
      const issue = issueIn(call, 'write')
      const name = call.param('name')
      if (!issue.labels.includes(name)) throw notFound()
      issue.labels = issue.labels.filter(each => each !== name)
      return ok(issue.labels.map(left => presentLabel(world, call.repository, left)))
    },
  })
}

/**
 * The issue that the path names, for who may read or write it. Pull requests are issues with a permission of their own:
 * a comment on one needs `pull_requests`, not `issues`.
 */
export function issueIn(call: RepositoryCall, level: 'read' | 'write'): Issue {
  const issue = found(call.repository.issues.get(call.id('issue_number')))
  demandIssue(call, issue, level)
  return issue
}

export function demandIssue(call: RepositoryCall, issue: Issue, level: 'read' | 'write'): void {
  call.demand(issue.pull === null ? { issues: level } : { pull_requests: level })
}

/** An issue together with the comment of this id. */
export function commentIn(repository: Repository, id: number): { issue: Issue; comment: Issue['comments'][number] } {
  for (const issue of repository.issues.values()) {
    const comment = issue.comments.find(each => each.id === id)
    if (comment !== undefined) return { issue, comment }
  }
  throw notFound()
}

function changeIssue(world: World, call: RepositoryCall, issue: Issue): void {
  const changes = call.read(changedIssue)
  issue.title = changes.title ?? issue.title
  if (changes.body !== undefined) issue.body = changes.body
  issue.labels = changes.labels ?? issue.labels
  issue.updatedAt = world.now()
  if (changes.state !== undefined && changes.state !== issue.state) {
    issue.state = changes.state
    issue.closedAt = changes.state === 'closed' ? issue.updatedAt : null
    announceIssue(world, { issue, actor: call.actor, action: changes.state === 'closed' ? 'closed' : 'reopened' })
  } else {
    announceIssue(world, { issue, actor: call.actor, action: 'edited' })
  }
}
