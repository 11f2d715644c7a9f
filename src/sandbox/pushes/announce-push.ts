import type { Actor } from '../api/actor.ts'
import { causedBy } from '../api/actor.ts'
import { accountBehind, presentPerson } from '../api/present/git.ts'
import { repositoryPage } from '../api/present/repository.ts'
import { changedPaths } from '../git/changed-paths.ts'
import { type GitCommit, type GitPerson, ZERO_SHA } from '../git/git-object.ts'
import { followHeads } from '../pulls/follow-heads.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import type { RefChange } from './ref-change.ts'

/** GitHub sends no more than this many commits with a push. */
const MAX_COMMITS = 2048
/** And no push event at all when more tags than this come at once. */
const MAX_TAGS = 3

interface Push {
  readonly repository: Repository
  readonly changes: readonly RefChange[]
  readonly actor: Actor
}

/** Tells the world what a push, or a ref made through the API, changed; pull requests of the branch follow. */
export async function announcePush(world: World, push: Push): Promise<void> {
  const changes = push.changes.filter(change => /^refs\/(heads|tags)\//.test(change.name))
  const tags = changes.filter(change => change.name.startsWith('refs/tags/'))
  for (const change of changes) {
    if (tags.length > MAX_TAGS && tags.includes(change)) continue
    await announceChange(world, push, change)
  }
  await followHeads(world, { ...push, changes })
}

async function announceChange(world: World, { repository, actor }: Push, change: RefChange): Promise<void> {
  const caused = causedBy(actor)
  const { name, before, after } = change
  const isTag = name.startsWith('refs/tags/')
  const common = { repository, ...caused }
  repository.pushedAt = world.now()
  const refBody = {
    ref: name.replace(/^refs\/(heads|tags)\//, ''),
    ref_type: isTag ? 'tag' : 'branch',
    pusher_type: 'user',
  }
  if (before === ZERO_SHA) {
    const body = { ...refBody, master_branch: repository.defaultBranch, description: repository.description }
    world.emit({ ...common, name: 'create', action: null, body })
  }
  world.emit({ ...common, name: 'push', action: null, body: await pushBody(world, { repository, actor }, change) })
  if (after === ZERO_SHA) world.emit({ ...common, name: 'delete', action: null, body: refBody })
}

async function pushBody(
  world: World,
  { repository, actor }: { repository: Repository; actor: Actor },
  { name, before, after }: RefChange,
): Promise<Record<string, unknown>> {
  const { git } = repository
  const page = repositoryPage(world, repository)
  const [old, head] = await Promise.all([commitAt(repository, before), commitAt(repository, after)])
  const isBranch = !name.startsWith('refs/tags/')
  const commits = head !== undefined && isBranch ? await newCommits(repository, { old, head }) : []
  const headCommit = head === undefined ? undefined : await git.commit(head)
  const shown = headCommit === undefined ? commits : [...commits, headCommit]
  const paths = await changedPaths(git, [...new Set(shown.map(({ sha }) => sha))])
  const present = (commit: GitCommit): Record<string, unknown> => ({
    ...presentPushed(world, repository, commit),
    ...paths.get(commit.sha),
  })
  const { sender } = causedBy(actor)
  return {
    ref: name,
    before,
    after,
    base_ref: null,
    created: before === ZERO_SHA,
    deleted: after === ZERO_SHA,
    forced: old !== undefined && head !== undefined && !(await git.isAncestor(old, head)),
    compare: `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits.toReversed().map(present),
    head_commit: headCommit === undefined ? null : present(headCommit),
    pusher: { name: sender.login, email: `${sender.login.replace(/[[\]]/g, '')}@users.noreply.github.com` },
  }
}

async function commitAt(repository: Repository, sha: string): Promise<string | undefined> {
  return sha === ZERO_SHA ? undefined : repository.git.resolve(`${sha}^{commit}`)
}

/** Commits that the branch gained; for a new branch, those that the default branch does not have. */
async function newCommits(
  repository: Repository,
  { old, head }: { old: string | undefined; head: string },
): Promise<GitCommit[]> {
  const base = old ?? (await repository.git.commitOf(repository.defaultBranch))
  const range = base === undefined || (old === undefined && base === head) ? head : `${base}..${head}`
  return repository.git.log([range], { limit: MAX_COMMITS })
}

function presentPushed(world: World, repository: Repository, commit: GitCommit): Record<string, unknown> {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryPage(world, repository)}/commit/${commit.sha}`,
    author: presentAuthor(world, commit.author),
    committer: presentAuthor(world, commit.committer),
  }
}

function presentAuthor(world: World, person: GitPerson): Record<string, unknown> {
  const account = accountBehind(world, person)
  return { ...presentPerson(person), ...(account === null ? {} : { username: account.login }) }
}
