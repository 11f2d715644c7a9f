import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { demand } from '../api/access.ts'
import { type Actor, accountOf } from '../api/actor.ts'
import { ApiError, found } from '../api/api-error.ts'
import { authenticate } from '../api/authenticate.ts'
import type { World } from '../world.ts'
import { type BackendAnswer, type BackendCall, runHttpBackend } from './http-backend.ts'
import { receivePack } from './receive-pack.ts'

/** `git clone http://x-access-token:TOKEN@127.0.0.1:PORT/owner/name.git`, and pushing to it. */
export function addGitRoutes(http: FastifyInstance, world: World): void {
  // The body goes to git as it comes: a pack may be larger than memory.
  http.addContentTypeParser(/^application\/x-git-/, (_request, payload, done) => done(null, payload))
  for (const path of ['info/refs', 'git-upload-pack', 'git-receive-pack']) {
    http.route({
      method: ['GET', 'POST'],
      url: `/:owner/:name/${path}`,
      handler: (request, reply) => answer(world, path, { request, reply }),
    })
  }
}

async function answer(
  world: World,
  path: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  try {
    const { status, headers, body } = await serve(world, path, request)
    return await reply.code(status).headers(headers).send(body)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // git asks for a password only when it is told so.
    if (error.status === 401) reply.header('www-authenticate', 'Basic realm="GitHub"')
    return await reply.code(error.status).type('text/plain').send(`${error.message}\n`)
  }
}

async function serve(world: World, path: string, request: FastifyRequest): Promise<BackendAnswer> {
  const { pathname, search, searchParams } = new URL(request.url, world.serverUrl)
  const [, owner = '', name = ''] = pathname.split('/').map(decodeURIComponent)
  const actor = await authenticate(world, request.headers.authorization)
  const isPush = path === 'git-receive-pack' || searchParams.get('service') === 'git-receive-pack'
  const repository = world.repository(owner, name.replace(/\.git$/, ''))
  if (repository === undefined) throw unknownTo(actor)
  try {
    demand(actor, repository, { contents: isPush ? 'write' : 'read' })
  } catch (error) {
    throw error instanceof ApiError && error.status === 404 ? unknownTo(actor) : error
  }
  const call: BackendCall = {
    directory: found(repository).git.directory,
    path: `/${path}`,
    query: search.slice(1),
    method: request.method,
    headers: {
      contentType: request.headers['content-type'] ?? '',
      contentEncoding: request.headers['content-encoding'] ?? '',
      protocol: String(request.headers['git-protocol'] ?? ''),
    },
    body: request.method === 'GET' ? new PassThrough().end() : request.raw,
    user: actor.kind === 'anonymous' ? undefined : accountOf(actor).login,
  }
  return path === 'git-receive-pack' ? receivePack(world, { repository, actor, call }) : runHttpBackend(call)
}

/** Nobody is told that a private repository exists: without credentials git is asked for some. */
function unknownTo(actor: Actor): ApiError {
  return actor.kind === 'anonymous'
    ? new ApiError(401, 'Requires authentication')
    : new ApiError(404, 'Repository not found.')
}
