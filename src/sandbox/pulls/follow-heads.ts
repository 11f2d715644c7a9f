import { type Actor, causedBy } from '../api/actor.ts'
import { isPull, type PullIssue, presentPull } from '../api/present/pull-request.ts'
import { ZERO_SHA } from '../git/git-object.ts'
import type { RefChange } from '../pushes/ref-change.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { keepHead } from './keep-head.ts'

interface Moved {
  readonly repository: Repository
  readonly changes: readonly RefChange[]
  readonly actor: Actor
}

/** Open pull requests follow their head branch (`synchronize`), and end when it is deleted or was merged by a push. */
export async function followHeads(world: World, moved: Moved): Promise<void> {
  const pulls = [...world.repositories.values()]
    .flatMap(repository => [...repository.issues.values()])
    .filter(isPull)
    .filter(issue => issue.state === 'open')
  for (const change of moved.changes) {
    for (const issue of pulls) {
      const { pull } = issue
      if (pull.headRepository === moved.repository && change.name === `refs/heads/${pull.headRef}`) {
        await followHead(world, { issue, change, actor: moved.actor })
      }
      if (issue.repository === moved.repository && change.name === `refs/heads/${pull.baseRef}`) {
        await followBase(world, { issue, change, actor: moved.actor })
      }
    }
  }
}

interface Step {
  readonly issue: PullIssue
  readonly change: RefChange
  readonly actor: Actor
}

async function followHead(world: World, { issue, change, actor }: Step): Promise<void> {
  if (issue.state !== 'open') return
  issue.updatedAt = world.now()
  if (change.after === ZERO_SHA) {
    await closePull(world, { issue, actor })
    return
  }
  const before = issue.pull.headSha
  issue.pull.headSha = change.after
  await keepHead(issue)
  await announcePull(world, { issue, actor, action: 'synchronize', extra: { before, after: change.after } })
}

/** A push to the base that contains the head merges the pull request, as on GitHub. */
async function followBase(world: World, { issue, change, actor }: Step): Promise<void> {
  if (issue.state !== 'open' || change.after === ZERO_SHA) return
  const { pull, repository } = issue
  if (!(await repository.git.isAncestor(pull.headSha, change.after))) return
  pull.mergedAt = world.now()
  pull.mergedBy = causedBy(actor).sender
  pull.mergeCommitSha = change.after
  await closePull(world, { issue, actor })
}

export async function closePull(world: World, { issue, actor }: { issue: PullIssue; actor: Actor }): Promise<void> {
  issue.state = 'closed'
  issue.closedAt = world.now()
  issue.updatedAt = issue.closedAt
  await announcePull(world, { issue, actor, action: 'closed' })
}

export async function announcePull(
  world: World,
  happening: { issue: PullIssue; actor: Actor; action: string; extra?: Record<string, unknown> },
): Promise<void> {
  const { issue, action, actor, extra } = happening
  world.emit({
    name: 'pull_request',
    action,
    repository: issue.repository,
    ...causedBy(actor),
    body: { number: issue.number, pull_request: await presentPull(world, issue), ...extra },
  })
}
