import { changedFiles, EMPTY_TREE } from '../git/diff.ts'
import type { GitCommit } from '../git/git-object.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { ApiError, found, notFound } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentCommit, presentFileChange } from './present/git.ts'
import { isPull, presentSimplePull } from './present/pull-request.ts'
import { repositoryPage, repositoryUrl } from './present/repository.ts'
import { ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const MAX_LISTED = 1000

export const commitRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits',
    needs: { contents: 'read' },
    handle: async call => {
      const { git, defaultBranch } = call.repository
      const sha = await git.commitOf(call.query('sha') ?? defaultBranch)
      if (sha === undefined)
        throw call.query('sha') === undefined ? new ApiError(409, 'Git Repository is empty.') : notFound()
      const path = call.query('path')
      const all = await git.log([sha], { limit: MAX_LISTED, ...(path === undefined ? {} : { path }) })
      return pageOf(call, { all, present: commit => presentCommit(world, call.repository, commit) })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}',
    needs: { contents: 'read' },
    handle: async call => ok(await presentFullCommit(world, call.repository, await commitAt(call, call.param('ref')))),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    needs: { pull_requests: 'read' },
    handle: async call => {
      const { git, issues } = call.repository
      const sha = found(await git.commitOf(call.param('commit_sha')))
      const pulls = [...issues.values()].filter(isPull)
      const holds = await Promise.all(
        pulls.map(
          async ({ pull }) =>
            pull.mergeCommitSha === sha ||
            (await git.log([`${pull.baseSha}..${pull.headSha}`])).some(each => each.sha === sha),
        ),
      )
      return pageOf(call, {
        all: pulls.filter((_, index) => holds[index]),
        present: pull => presentSimplePull(world, pull),
      })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/compare/{basehead}',
    needs: { contents: 'read' },
    handle: async call => {
      const [base, head, ...more] = call.param('basehead').split('...')
      if (base === undefined || head === undefined || more.length > 0) throw notFound()
      return ok(
        await presentComparison(world, call, { base: await commitAt(call, base), head: await commitAt(call, head) }),
      )
    },
  })
}

async function commitAt({ repository }: RepositoryCall, ref: string): Promise<GitCommit> {
  const sha = await repository.git.commitOf(ref)
  if (sha !== undefined) return repository.git.commit(sha)
  throw /^[0-9a-f]{40}$/.test(ref) ? new ApiError(422, `No commit found for SHA: ${ref}`) : notFound()
}

async function presentFullCommit(
  world: World,
  repository: Repository,
  commit: GitCommit,
): Promise<Record<string, unknown>> {
  const files = await changedFiles(repository.git, commit.parents[0] ?? EMPTY_TREE, commit.sha)
  const additions = files.reduce((sum, file) => sum + file.additions, 0)
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
  return {
    ...presentCommit(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map(change => presentFileChange(world, repository, { change, head: commit.sha })),
  }
}

async function presentComparison(
  world: World,
  call: RepositoryCall,
  { base, head }: { base: GitCommit; head: GitCommit },
): Promise<Record<string, unknown>> {
  const { repository } = call
  const { git } = repository
  const mergeBase = found(await git.mergeBase(base.sha, head.sha))
  const [ahead, behind] = await Promise.all([
    git.count([`${base.sha}..${head.sha}`]),
    git.count([`${head.sha}..${base.sha}`]),
  ])
  const status = ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical'
  const { commits, isFirst } = comparedPage(call, (await git.log([`${base.sha}..${head.sha}`])).toReversed())
  // GitHub lists the files of the whole comparison, on its first page only.
  const files = isFirst ? await changedFiles(git, mergeBase, head.sha) : []
  const page = `${repositoryPage(world, repository)}/compare/${base.sha}...${head.sha}`
  return {
    url: `${repositoryUrl(world, repository)}/compare/${encodeURI(call.param('basehead'))}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: presentCommit(world, repository, base),
    merge_base_commit: presentCommit(world, repository, await git.commit(mergeBase)),
    status,
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map(commit => presentCommit(world, repository, commit)),
    files: files.map(change => presentFileChange(world, repository, { change, head: head.sha })),
  }
}

/** Oldest first; without a wish for pages, the first 250. */
function comparedPage(
  { query }: RepositoryCall,
  all: readonly GitCommit[],
): { commits: readonly GitCommit[]; isFirst: boolean } {
  if (query('page') === undefined && query('per_page') === undefined)
    return { commits: all.slice(0, 250), isFirst: true }
  const size = Math.min(100, Number(query('per_page') ?? 30) || 30)
  const page = Number(query('page') ?? 1) || 1
  return { commits: all.slice((page - 1) * size, page * size), isFirst: page === 1 }
}
