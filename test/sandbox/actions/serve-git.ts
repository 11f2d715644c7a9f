import { spawn } from 'node:child_process'
import type { FastifyInstance } from 'fastify'
import { demand } from '../../../src/sandbox/api/access.ts'
import { ApiError, found } from '../../../src/sandbox/api/api-error.ts'
import { authenticate } from '../../../src/sandbox/api/authenticate.ts'
import type { World } from '../../../src/sandbox/world.ts'

/** Fetching over HTTP, for these tests: `git http-backend` behind the sandbox's own tokens. */
export function serveGit(http: FastifyInstance, world: World): void {
  http.addContentTypeParser(/^application\/x-git-/, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  http.all('/:owner/:repo/*', async (request, reply) => {
    const { pathname, search } = new URL(request.url, world.serverUrl)
    const [, owner = '', name = '', ...rest] = pathname.split('/')
    try {
      const repository = found(world.repository(owner, name.replace(/\.git$/, '')))
      demand(await authenticate(world, request.headers.authorization), repository, { contents: 'read' })
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const answer = await backend({
        body,
        env: {
          PATH: process.env['PATH'] ?? '',
          GIT_PROJECT_ROOT: repository.git.directory,
          GIT_HTTP_EXPORT_ALL: '1',
          PATH_INFO: `/${rest.join('/')}`,
          QUERY_STRING: search.slice(1),
          REQUEST_METHOD: request.method,
          CONTENT_TYPE: request.headers['content-type'] ?? '',
          CONTENT_LENGTH: String(body.length),
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
          GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        },
      })
      return await reply.headers(answer.headers).send(answer.body)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const challenge = error.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}
      return await reply.code(error.status).headers(challenge).send(error.message)
    }
  })
}

function backend(call: {
  body: Buffer
  env: Record<string, string>
}): Promise<{ headers: Record<string, string>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env: call.env, stdio: ['pipe', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', () => {
      const all = Buffer.concat(chunks)
      const split = all.indexOf('\r\n\r\n')
      const lines = all.subarray(0, split).toString().split('\r\n')
      const headers = lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const)
      resolve({ headers: Object.fromEntries(headers), body: all.subarray(split + 4) })
    })
    child.stdin.end(call.body)
  })
}
