import { z } from 'zod'
import type { GitPerson, GitTreeEntry } from '../git/git-object.ts'
import { writeBlob, writeCommit, writeTag, writeTree } from '../git/write-object.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { accountOf } from './actor.ts'
import { ApiError, found, notFound, validationFailed } from './api-error.ts'
import { personOf, presentGitCommit, presentTag } from './present/git.ts'
import { nodeId } from './present/node-id.ts'
import { repositoryUrl } from './present/repository.ts'
import { created, ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const person = z.object({ name: z.string(), email: z.string(), date: z.coerce.date().optional() })
const newTag = z.object({
  tag: z.string().min(1),
  message: z.string(),
  object: z.string(),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: person.optional(),
})
const newCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: person.optional(),
  committer: person.optional(),
})
const newBlob = z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') })
const newTree = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']),
      type: z.enum(['blob', 'tree', 'commit']),
      sha: z.string().nullable().optional(),
      content: z.string().optional(),
    }),
  ),
})

/** Annotated tags, commits, trees and blobs, as git keeps them. */
export const gitObjectRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/tags/{tag_sha}',
    needs: { contents: 'read' },
    handle: async call => {
      const sha = await objectOf(call, { name: 'tag_sha', type: 'tag' })
      return ok(presentTag(world, call.repository, await call.repository.git.tag(sha)))
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/tags',
    needs: { contents: 'write' },
    handle: async call => {
      const { git } = call.repository
      const body = call.read(newTag)
      if ((await git.typeOf(body.object)) !== body.type)
        throw validationFailed({ resource: 'Tag', field: 'object', code: 'invalid' })
      const sha = await writeTag(git, { ...body, tagger: personIn(world, call, body.tagger) })
      return created(presentTag(world, call.repository, await git.tag(sha)))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    needs: { contents: 'read' },
    handle: async call => {
      const sha = await objectOf(call, { name: 'commit_sha', type: 'commit' })
      return ok(presentGitCommit(world, call.repository, await call.repository.git.commit(sha)))
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/commits',
    needs: { contents: 'write' },
    handle: async call => {
      const { git } = call.repository
      const body = call.read(newCommit)
      if ((await git.typeOf(body.tree)) !== 'tree') throw new ApiError(422, 'Tree SHA does not exist')
      const author = personIn(world, call, body.author)
      const committer = body.committer === undefined ? author : personIn(world, call, body.committer)
      const sha = await writeCommit(git, { ...body, author, committer })
      return created(presentGitCommit(world, call.repository, await git.commit(sha)))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    needs: { contents: 'read' },
    handle: async call => {
      const { git } = call.repository
      const name = call.param('tree_sha')
      const sha = found((await git.resolve(`${name}^{tree}`)) ?? (await git.commitOf(name)))
      const recursive = call.query('recursive') !== undefined
      return ok(presentTree(world, call.repository, { sha, entries: await git.tree(sha, { recursive }) }))
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/trees',
    needs: { contents: 'write' },
    handle: async call => {
      const { git } = call.repository
      const body = call.read(newTree)
      const changes = await Promise.all(
        body.tree.map(async ({ path, mode, sha, content }) => ({
          path,
          mode,
          sha: content === undefined ? (sha ?? null) : await writeBlob(git, Buffer.from(content)),
        })),
      )
      const sha = await writeTree(git, { base: body.base_tree, changes })
      return created(presentTree(world, call.repository, { sha, entries: await git.tree(sha) }))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    needs: { contents: 'read' },
    handle: async call => {
      const sha = await objectOf(call, { name: 'file_sha', type: 'blob' })
      const content = await call.repository.git.blob(sha)
      return ok({
        ...shortBlob(world, call.repository, sha),
        node_id: nodeId('B', sha),
        size: content.length,
        content: content.toString('base64'),
        encoding: 'base64',
      })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/blobs',
    needs: { contents: 'write' },
    handle: async call => {
      const { content, encoding } = call.read(newBlob)
      const sha = await writeBlob(call.repository.git, Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'))
      return created(shortBlob(world, call.repository, sha))
    },
  })
}

/** The sha in the path, if it names an object of this type. */
async function objectOf(call: RepositoryCall, wanted: { name: string; type: string }): Promise<string> {
  const sha = call.param(wanted.name)
  if (!/^[0-9a-f]{40}$/.test(sha) || (await call.repository.git.typeOf(sha)) !== wanted.type) throw notFound()
  return sha
}

function personIn(world: World, call: RepositoryCall, given: z.infer<typeof person> | undefined): GitPerson {
  const now = world.now()
  return given === undefined ? personOf(accountOf(call.actor), now) : { ...given, date: given.date ?? now }
}

function shortBlob(world: World, repository: Repository, sha: string): { sha: string; url: string } {
  return { sha, url: `${repositoryUrl(world, repository)}/git/blobs/${sha}` }
}

function presentTree(
  world: World,
  repository: Repository,
  { sha, entries }: { sha: string; entries: readonly GitTreeEntry[] },
): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/git`
  return {
    sha,
    url: `${url}/trees/${sha}`,
    truncated: false,
    tree: entries.map(({ path, mode, type, sha: entry, size }) => ({
      path,
      mode,
      type,
      sha: entry,
      ...(size === null ? {} : { size }),
      url: `${url}/${type}s/${entry}`,
    })),
  }
}
