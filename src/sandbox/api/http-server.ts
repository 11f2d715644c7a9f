import Fastify, { type FastifyInstance } from 'fastify'
import { ApiError, notFound } from './api-error.ts'

/** Bytes. */
const BODY_LIMIT = 64 * 1024 * 1024

/** The HTTP server that API, git and pages share. */
export function createHttpServer(): FastifyInstance {
  const http = Fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 1000 },
  })
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      // Clients send this content type with an empty body on PUT; GitHub does not mind.
      done(null, body === '' ? undefined : JSON.parse(String(body)))
    } catch {
      done(new ApiError(400, 'Problems parsing JSON'))
    }
  })
  http.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound()))
  http.setErrorHandler((error, _request, reply) => {
    if (error instanceof ApiError) return reply.code(error.status).send(error.toJSON())
    return reply.code(500).send({ message: error instanceof Error ? error.message : String(error) })
  })
  return http
}
