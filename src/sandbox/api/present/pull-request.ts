import { pullFacts } from '../../pulls/pull-facts.ts'
import type { PullRequestReview } from '../../world/issue.ts'
import type { Issue, PullRequest, Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { associationOf } from './association.ts'
import { issuePage, issueUrl } from './issue.ts'
import { presentLabel } from './label.ts'
import { nodeId } from './node-id.ts'
import { presentRepository, repositoryUrl } from './repository.ts'
import { presentNullableUser, presentUser } from './user.ts'

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: PullRequest }

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null
}

export function pullUrl(world: World, issue: PullIssue): string {
  return `${repositoryUrl(world, issue.repository)}/pulls/${issue.number}`
}

function presentSide(
  world: World,
  { repository, ref, sha }: { repository: Repository; ref: string; sha: string },
): Record<string, unknown> {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: presentUser(world, repository.owner),
    repo: presentRepository(world, repository),
  }
}

/** The addresses below a pull request, by the name GitHub gives them in `_links`. */
function addresses(world: World, issue: PullIssue): Record<string, string> {
  const url = pullUrl(world, issue)
  return {
    self: url,
    html: issuePage(world, issue),
    issue: issueUrl(world, issue),
    comments: `${issueUrl(world, issue)}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl(world, issue.repository)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repositoryUrl(world, issue.repository)}/statuses/${issue.pull.headSha}`,
  }
}

/** GitHub's `pull-request-simple`, as lists show it. */
export function presentSimplePull(world: World, issue: PullIssue): Record<string, unknown> {
  const { pull, repository } = issue
  const links = addresses(world, issue)
  return {
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    url: links['self'],
    html_url: links['html'],
    diff_url: `${links['html']}.diff`,
    patch_url: `${links['html']}.patch`,
    issue_url: links['issue'],
    comments_url: links['comments'],
    review_comments_url: links['review_comments'],
    review_comment_url: links['review_comment'],
    commits_url: links['commits'],
    statuses_url: links['statuses'],
    number: issue.number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user: presentUser(world, issue.user),
    labels: issue.labels.map(name => presentLabel(world, repository, name)),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    draft: pull.draft,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    head: presentSide(world, { repository: pull.headRepository, ref: pull.headRef, sha: pull.headSha }),
    base: presentSide(world, { repository, ref: pull.baseRef, sha: pull.baseSha }),
    author_association: associationOf(repository, issue.user),
    auto_merge: null,
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  }
}

/** GitHub's `pull-request`, with what git says of it now. */
export async function presentPull(world: World, issue: PullIssue): Promise<Record<string, unknown>> {
  const { pull } = issue
  const facts = await pullFacts(issue)
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  return {
    ...presentSimplePull(world, issue),
    merged: pull.mergedAt !== null,
    mergeable: facts.mergeable,
    rebaseable: facts.mergeable,
    mergeable_state: facts.mergeable === null ? 'unknown' : facts.mergeable ? 'clean' : 'dirty',
    merged_by: presentNullableUser(world, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: facts.commits.length,
    additions: sum(facts.files.map(file => file.additions)),
    deletions: sum(facts.files.map(file => file.deletions)),
    changed_files: facts.files.length,
  }
}

export function presentReview(world: World, issue: PullIssue, review: PullRequestReview): Record<string, unknown> {
  const html = `${issuePage(world, issue)}#pullrequestreview-${review.id}`
  const url = pullUrl(world, issue)
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: presentUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
    author_association: associationOf(issue.repository, review.user),
  }
}
