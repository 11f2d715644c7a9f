import type { IssueComment } from '../../world/issue.ts'
import type { Issue } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { associationOf } from './association.ts'
import { presentNullableApp } from './github-app.ts'
import { presentLabel } from './label.ts'
import { nodeId } from './node-id.ts'
import { presentRollup } from './reaction.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { presentUser } from './user.ts'

export function issueUrl(world: World, issue: Issue): string {
  return `${repositoryUrl(world, issue.repository)}/issues/${issue.number}`
}

export function issuePage(world: World, issue: Issue): string {
  return `${repositoryPage(world, issue.repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`
}

/** GitHub's `issue`; for a pull request it carries `pull_request`, as on GitHub. */
export function presentIssue(world: World, issue: Issue): Record<string, unknown> {
  const url = issueUrl(world, issue)
  return {
    id: issue.id,
    node_id: nodeId(issue.pull === null ? 'I' : 'PR', issue.id),
    url,
    repository_url: repositoryUrl(world, issue.repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(world, issue),
    number: issue.number,
    state: issue.state,
    state_reason: issue.state === 'closed' && issue.pull === null ? 'completed' : null,
    title: issue.title,
    body: issue.body,
    user: presentUser(world, issue.user),
    labels: issue.labels.map(name => presentLabel(world, issue.repository, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: issue.comments.length,
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: associationOf(issue.repository, issue.user),
    performed_via_github_app: presentNullableApp(world, issue.app),
    reactions: presentRollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    ...(issue.pull === null ? {} : { pull_request: pullLinks(world, issue), draft: issue.pull.draft }),
  }
}

function pullLinks(world: World, issue: Issue): Record<string, unknown> {
  const page = issuePage(world, issue)
  return {
    url: `${repositoryUrl(world, issue.repository)}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: issue.pull?.mergedAt ?? null,
  }
}

function commentUrl(world: World, issue: Issue, comment: IssueComment): string {
  return `${repositoryUrl(world, issue.repository)}/issues/comments/${comment.id}`
}

/** GitHub's `issue-comment`. */
export function presentComment(world: World, issue: Issue, comment: IssueComment): Record<string, unknown> {
  const url = commentUrl(world, issue, comment)
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url,
    html_url: `${issuePage(world, issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, issue),
    user: presentUser(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(issue.repository, comment.user),
    performed_via_github_app: presentNullableApp(world, comment.app),
    reactions: presentRollup(url, comment.reactions),
  }
}
