import { type Actor, accountOf, appOf, causedBy } from '../api/actor.ts'
import { presentIssue } from '../api/present/issue.ts'
import type { Issue, PullRequest, Repository } from '../world/repository.ts'
import type { World } from '../world.ts'

export interface NewIssue {
  readonly repository: Repository
  readonly actor: Actor
  readonly title: string
  readonly body: string | null
  readonly labels?: readonly string[]
}

/** Adds an issue (or a pull request) under the next number; tells nobody. */
export function addIssue<Pull extends PullRequest | null>(
  world: World,
  request: NewIssue & { pull: Pull },
): Issue & { readonly pull: Pull } {
  const { repository, actor } = request
  const now = world.now()
  const issue = {
    id: world.nextId('issue'),
    number: repository.issues.size + 1,
    repository,
    title: request.title,
    body: request.body,
    state: 'open' as const,
    user: accountOf(actor),
    app: appOf(actor),
    labels: request.labels ?? [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
    reactions: [],
    pull: request.pull,
  }
  repository.issues.set(issue.number, issue)
  return issue
}

export function openIssue(world: World, request: NewIssue): Issue {
  const issue = addIssue(world, { ...request, pull: null })
  announceIssue(world, { issue, actor: request.actor, action: 'opened' })
  return issue
}

export function announceIssue(
  world: World,
  { issue, actor, action }: { issue: Issue; actor: Actor; action: string },
): void {
  world.emit({
    name: 'issues',
    action,
    repository: issue.repository,
    ...causedBy(actor),
    body: { issue: presentIssue(world, issue) },
  })
}
