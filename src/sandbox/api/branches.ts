import type { GitRef } from '../git/git-object.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { found } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentCommit } from './present/git.ts'
import { repositoryPage, repositoryUrl } from './present/repository.ts'
import { ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

export const branchRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches',
    needs: { contents: 'read' },
    handle: async call => {
      const { repository } = call
      const all = await repository.git.refs('refs/heads/')
      return pageOf(call, { all, present: ref => presentShortBranch(world, repository, ref) })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    needs: { contents: 'read' },
    handle: async ({ repository, param }) => {
      const name = param('branch')
      const sha = found(await repository.git.resolve(`refs/heads/${name}^{commit}`))
      return ok(await presentBranch(world, repository, { name, sha }))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/rules/branches/{branch}',
    needs: { metadata: 'read' },
    handle: call => {
      const isProtected = call.repository.protectedBranches.has(call.param('branch'))
      const source = {
        ruleset_source_type: 'Repository',
        ruleset_source: `${call.repository.owner.login}/${call.repository.name}`,
        ruleset_id: call.repository.id,
      }
      const all = isProtected ? [{ type: 'deletion' }, { type: 'non_fast_forward' }] : []
      return pageOf(call, { all, present: rule => ({ ...rule, ...source }) })
    },
  })
}

function protectionOf(world: World, repository: Repository, name: string): Record<string, unknown> {
  const isProtected = repository.protectedBranches.has(name)
  const contexts = repository.requiredChecks.get(name) ?? []
  return {
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: {
        enforcement_level: contexts.length > 0 ? 'non_admins' : 'off',
        contexts,
        checks: contexts.map(context => ({ context, app_id: null })),
      },
    },
    protection_url: `${repositoryUrl(world, repository)}/branches/${encodeURIComponent(name)}/protection`,
  }
}

function presentShortBranch(world: World, repository: Repository, ref: GitRef): Record<string, unknown> {
  const name = ref.name.replace('refs/heads/', '')
  const url = `${repositoryUrl(world, repository)}/commits/${ref.sha}`
  return { name, commit: { sha: ref.sha, url }, ...protectionOf(world, repository, name) }
}

async function presentBranch(
  world: World,
  repository: Repository,
  { name, sha }: { name: string; sha: string },
): Promise<Record<string, unknown>> {
  const path = encodeURIComponent(name)
  return {
    name,
    commit: presentCommit(world, repository, await repository.git.commit(sha)),
    _links: {
      self: `${repositoryUrl(world, repository)}/branches/${path}`,
      html: `${repositoryPage(world, repository)}/tree/${path}`,
    },
    ...protectionOf(world, repository, name),
  }
}
