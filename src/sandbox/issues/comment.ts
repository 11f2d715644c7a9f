import { type Actor, accountOf, appOf, causedBy } from '../api/actor.ts'
import { presentComment, presentIssue } from '../api/present/issue.ts'
import type { IssueComment } from '../world/issue.ts'
import type { Issue } from '../world/repository.ts'
import type { World } from '../world.ts'

interface Commenting {
  readonly issue: Issue
  readonly actor: Actor
}

export function addComment(world: World, { issue, actor, body }: Commenting & { body: string }): IssueComment {
  const now = world.now()
  const comment: IssueComment = {
    id: world.nextId('comment'),
    user: accountOf(actor),
    app: appOf(actor),
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  }
  issue.comments.push(comment)
  issue.updatedAt = now
  announce(world, { issue, actor, comment, action: 'created' })
  return comment
}

export function editComment(
  world: World,
  { issue, actor, comment, body }: Commenting & { comment: IssueComment; body: string },
): void {
  const from = comment.body
  comment.body = body
  comment.updatedAt = world.now()
  announce(world, { issue, actor, comment, action: 'edited', extra: { changes: { body: { from } } } })
}

export function deleteComment(world: World, { issue, actor, comment }: Commenting & { comment: IssueComment }): void {
  issue.comments.splice(issue.comments.indexOf(comment), 1)
  announce(world, { issue, actor, comment, action: 'deleted' })
}

function announce(
  world: World,
  happening: Commenting & { comment: IssueComment; action: string; extra?: Record<string, unknown> },
): void {
  const { issue, actor, comment, action, extra } = happening
  world.emit({
    name: 'issue_comment',
    action,
    repository: issue.repository,
    ...causedBy(actor),
    body: { issue: presentIssue(world, issue), comment: presentComment(world, issue, comment), ...extra },
  })
}
