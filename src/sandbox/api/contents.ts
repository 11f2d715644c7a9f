import { z } from 'zod'
import type { GitTreeEntry } from '../git/git-object.ts'
import { writeBlob, writeCommit, writeTree } from '../git/write-object.ts'
import { changeRefs } from '../pushes/change-refs.ts'
import { guardedWorkflow, workflowRefusal } from '../pushes/workflow-guard.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { accountOf } from './actor.ts'
import { ApiError, found } from './api-error.ts'
import { personOf, presentGitCommit } from './present/git.ts'
import { repositoryPage, repositoryUrl } from './present/repository.ts'
import { created, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const newContent = z.object({
  message: z.string(),
  content: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
})

interface At {
  readonly ref: string
  readonly entry: GitTreeEntry
}

export const contentRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/contents/{path}',
    needs: { contents: 'read' },
    handle: async call => {
      const { git, defaultBranch } = call.repository
      const ref = call.query('ref') ?? defaultBranch
      const commit = found(await git.commitOf(ref))
      const path = call.param('path').replace(/\/$/, '')
      const entries = path === '' ? undefined : await git.tree(commit, { path })
      const entry = entries?.[0]
      if (entries !== undefined && entry?.type !== 'tree')
        return ok(await presentFile(world, call.repository, { ref, entry: found(entry) }))
      const children = await git.tree(commit, path === '' ? {} : { path: `${path}/` })
      return ok(children.map(child => presentEntry(world, call.repository, { ref, entry: child })))
    },
  })
  server.repositoryRoute({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/contents/{path}',
    needs: { contents: 'write' },
    handle: call => putFile(world, call),
  })
}

/** Commits one file to a branch: a push like any other. */
async function putFile(world: World, call: RepositoryCall): Promise<ReturnType<typeof ok>> {
  const { repository, actor } = call
  const { git } = repository
  const body = call.read(newContent)
  const path = call.param('path')
  const branch = body.branch ?? repository.defaultBranch
  const name = `refs/heads/${branch}`
  const change = await changeRefs(world, { repository, actor }, async () => {
    const before = found(await git.commitOf(name))
    const existing = await git.resolve(`${before}:${path}`)
    if (existing !== body.sha) {
      if (existing !== undefined && body.sha === undefined)
        throw new ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
      throw new ApiError(409, `${path} does not match ${body.sha ?? ''}`)
    }
    const blob = await writeBlob(git, Buffer.from(body.content, 'base64'))
    const tree = await writeTree(git, { base: before, changes: [{ path, mode: '100644', sha: blob }] })
    const person = personOf(accountOf(actor), world.now())
    const after = await writeCommit(git, {
      message: body.message,
      tree,
      parents: [before],
      author: person,
      committer: person,
    })
    const guarded = await guardedWorkflow(actor, repository, after)
    if (guarded !== undefined) throw new ApiError(403, workflowRefusal(guarded))
    await git.updateRef({ name, after, before })
    return { changes: [{ name, before, after }], result: { after, isNew: existing === undefined } }
  })
  const [entry] = await git.tree(change.after, { path })
  const answer = {
    content: presentEntry(world, repository, { ref: branch, entry: found(entry) }),
    commit: presentGitCommit(world, repository, await git.commit(change.after)),
  }
  return change.isNew ? created(answer) : ok(answer)
}

const TYPES = { blob: 'file', tree: 'dir', commit: 'submodule' } as const

function presentEntry(world: World, repository: Repository, { ref, entry }: At): Record<string, unknown> {
  const path = encodeURI(entry.path)
  const url = `${repositoryUrl(world, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`
  const git = `${repositoryUrl(world, repository)}/git/${entry.type}s/${entry.sha}`
  const html = `${repositoryPage(world, repository)}/blob/${encodeURIComponent(ref)}/${path}`
  return {
    type: TYPES[entry.type],
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    git_url: git,
    html_url: html,
    download_url: entry.type === 'blob' ? html.replace('/blob/', '/raw/') : null,
    _links: { self: url, git, html },
  }
}

async function presentFile(world: World, repository: Repository, at: At): Promise<Record<string, unknown>> {
  const content = await repository.git.blob(at.entry.sha)
  return {
    ...presentEntry(world, repository, at),
    encoding: 'base64',
    content: content.toString('base64').replaceAll(/.{60}/g, '$&\n'),
  }
}
