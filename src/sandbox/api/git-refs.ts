import { z } from 'zod'
import { type GitRef, ZERO_SHA } from '../git/git-object.ts'
import { GitError } from '../git/run-git.ts'
import { changeRefs } from '../pushes/change-refs.ts'
import type { RefChange } from '../pushes/ref-change.ts'
import { guardedWorkflow, workflowRefusal } from '../pushes/workflow-guard.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { ApiError, found, validationFailed } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentRef } from './present/git.ts'
import { created, noContent, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const newRef = z.object({ ref: z.string(), sha: z.string() })
const movedRef = z.object({ sha: z.string(), force: z.boolean().default(false) })

export const gitRefRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/ref/{ref}',
    needs: { contents: 'read' },
    handle: async ({ repository, param }) =>
      ok(presentRef(world, repository, found(await repository.git.ref(`refs/${param('ref')}`)))),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/matching-refs/{ref}',
    needs: { contents: 'read' },
    // GitHub gives them all at once: this list has no pages.
    handle: async ({ repository, param }) => {
      const refs = await repository.git.refs(`refs/${param('ref')}`)
      return ok(refs.map(ref => presentRef(world, repository, ref)))
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/refs',
    needs: { contents: 'write' },
    handle: async call => {
      const { ref: name, sha } = call.read(newRef)
      if (!/^refs\/[^/]+\/./.test(name))
        throw new ApiError(422, 'Reference name must start with refs/ and have at least two slashes')
      await demandObject(call, sha)
      const ref = await moveRef(world, call, { name, after: sha, before: ZERO_SHA })
      return created(presentRef(world, call.repository, ref))
    },
  })
  server.repositoryRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    needs: { contents: 'write' },
    handle: async call => {
      const { git } = call.repository
      const { sha, force } = call.read(movedRef)
      const existing = await git.ref(`refs/${call.param('ref')}`)
      if (existing === undefined) throw new ApiError(422, 'Reference does not exist')
      await demandObject(call, sha)
      if (!force && !(await git.isAncestor(existing.sha, sha))) throw new ApiError(422, 'Update is not a fast forward')
      const ref = await moveRef(world, call, { name: existing.name, after: sha, before: existing.sha })
      return ok(presentRef(world, call.repository, ref))
    },
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    needs: { contents: 'write' },
    handle: async call => {
      const { repository, actor } = call
      const existing = await repository.git.ref(`refs/${call.param('ref')}`)
      if (existing === undefined) throw new ApiError(422, 'Reference does not exist')
      return changeRefs(world, { repository, actor }, async () => {
        await repository.git.deleteRef(existing.name, existing.sha)
        const change = { name: existing.name, before: existing.sha, after: ZERO_SHA }
        return { changes: [change], result: noContent() }
      })
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/tags',
    needs: { contents: 'read' },
    handle: async call => {
      const all = await call.repository.git.refs('refs/tags/')
      return pageOf(call, { all, present: ref => presentTagName(world, call, ref) })
    },
  })
}

async function demandObject({ repository }: RepositoryCall, sha: string): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw validationFailed({ field: 'sha', code: 'invalid' })
  if ((await repository.git.typeOf(sha)) === undefined) throw new ApiError(422, 'Object does not exist')
}

/** Moves a ref in one step, so that of two that create it at once one is told that it exists. */
async function moveRef(world: World, call: RepositoryCall, change: RefChange): Promise<GitRef> {
  const { repository, actor } = call
  const guarded = await guardedWorkflow(actor, repository, change.after)
  if (guarded !== undefined) throw new ApiError(422, workflowRefusal(guarded))
  return changeRefs(world, { repository, actor }, async () => {
    await setRef(repository, change)
    return { changes: [change], result: found(await repository.git.ref(change.name)) }
  })
}

async function setRef(repository: Repository, change: RefChange): Promise<void> {
  try {
    await repository.git.updateRef(change)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const exists = (await repository.git.ref(change.name)) !== undefined
    if (!exists) throw new ApiError(422, `${change.name} is not a valid ref name.`)
    throw new ApiError(422, change.before === ZERO_SHA ? 'Reference already exists' : 'Reference cannot be updated')
  }
}

async function presentTagName(world: World, { repository }: RepositoryCall, ref: GitRef): Promise<unknown> {
  const name = ref.name.replace('refs/tags/', '')
  const sha = (await repository.git.resolve(`${ref.name}^{commit}`)) ?? ref.sha
  const url = `${world.apiUrl}/repos/${repository.owner.login}/${repository.name}`
  return {
    name,
    commit: { sha, url: `${url}/commits/${sha}` },
    zipball_url: `${url}/zipball/${encodeURI(ref.name)}`,
    tarball_url: `${url}/tarball/${encodeURI(ref.name)}`,
    node_id: presentRef(world, repository, ref)['node_id'],
  }
}
