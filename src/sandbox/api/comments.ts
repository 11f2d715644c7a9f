import { z } from 'zod'
import { addComment, deleteComment, editComment } from '../issues/comment.ts'
import { ApiError } from './api-error.ts'
import { commentIn, demandIssue, issueIn } from './issues.ts'
import { pageOf } from './page.ts'
import { presentComment } from './present/issue.ts'
import { created, noContent, ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

const MAX_BODY = 65_536
const text = z.object({ body: z.string().min(1).max(MAX_BODY, `body is too long (maximum is ${MAX_BODY} characters)`) })
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}'

export const commentRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    needs: { metadata: 'read' },
    handle: call => {
      const issue = issueIn(call, 'read')
      const since = call.query('since')
      const all = issue.comments.filter(each => since === undefined || each.updatedAt >= new Date(since))
      return pageOf(call, { all, present: comment => presentComment(world, issue, comment) })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    needs: { metadata: 'read' },
    handle: call => {
      const issue = issueIn(call, 'write')
      const comment = addComment(world, { issue, actor: call.actor, ...call.read(text) })
      return created(presentComment(world, issue, comment))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments',
    needs: { issues: 'read' },
    handle: call => {
      const since = call.query('since')
      const all = [...call.repository.issues.values()]
        .flatMap(issue => issue.comments.map(comment => ({ issue, comment })))
        .filter(({ comment }) => since === undefined || comment.updatedAt >= new Date(since))
        .toSorted((a, b) => a.comment.id - b.comment.id)
      if (call.query('sort') === 'updated') {
        all.sort((a, b) => a.comment.updatedAt.getTime() - b.comment.updatedAt.getTime())
      }
      // GitHub ignores a direction where nothing is said of what to sort by.
      if (call.query('sort') !== undefined && call.query('direction') !== 'asc') all.reverse()
      return pageOf(call, { all, present: ({ issue, comment }) => presentComment(world, issue, comment) })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: COMMENT,
    needs: { metadata: 'read' },
    handle: call => {
      const { issue, comment } = commentIn(call.repository, call.id('comment_id'))
      demandIssue(call, issue, 'read')
      return ok(presentComment(world, issue, comment))
    },
  })
  server.repositoryRoute({
    method: 'PATCH',
    path: COMMENT,
    needs: { metadata: 'read' },
    handle: call => {
      const { issue, comment } = commentIn(call.repository, call.id('comment_id'))
      demandIssue(call, issue, 'write')
      demandAuthorOrPush(call, comment.user.id)
      editComment(world, { issue, comment, actor: call.actor, ...call.read(text) })
      return ok(presentComment(world, issue, comment))
    },
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: COMMENT,
    needs: { metadata: 'read' },
    handle: call => {
      const { issue, comment } = commentIn(call.repository, call.id('comment_id'))
      demandIssue(call, issue, 'write')
      demandAuthorOrPush(call, comment.user.id)
      deleteComment(world, { issue, comment, actor: call.actor })
      return noContent()
    },
  })
}

/** People edit their own comments; whoever may push edits everybody's, as on GitHub. */
function demandAuthorOrPush(call: Parameters<typeof issueIn>[0], authorId: number): void {
  if (call.actor.kind !== 'user' || call.actor.user.id === authorId) return
  try {
    call.demand({ contents: 'write' })
  } catch {
    throw new ApiError(403, 'Must have admin rights to Repository.')
  }
}
