import { randomBytes } from 'node:crypto'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Logger } from 'pino'
import { HttpRefusal, problemDocument, refusalOf } from './http-refusal.ts'

/** What the App's server is made of. */
export interface ServerOptions {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly log: Logger
  /** Adds the routes, before anyone can ask for one. */
  readonly addRoutes: (server: FastifyInstance) => void | Promise<void>
  readonly limits?: Partial<ServerLimits>
}

/** Milliseconds. */
export interface ServerLimits {
  /** Within which a request, head and body, must have arrived; then its connection is closed. @default 10 s */
  readonly arrival: number
  /** How long requests under way may take when the server closes; then their connections are cut. @default 10 s */
  readonly farewell: number
}

/** A server that listens. */
export interface OpenServer {
  /** `http://127.0.0.1:3000` */
  readonly url: string
  readonly port: number
  /** Takes no further request, lets those under way finish, for a while. */
  close(): Promise<void>
}

/**
 * Opens the one server that webhooks, API, gateway and console share.
 *
 * @throws when the address cannot be listened on (`EADDRINUSE` and others, as Node throws them)
 */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const limits: ServerLimits = { arrival: 10_000, farewell: 10_000, ...options.limits }
  const server = createServer(options.log, limits)
  if (options.log.isLevelEnabled('debug')) logAnswers(server)
  await options.addRoutes(server)
  const url = await server.listen({
    host: options.host,
    port: options.port,
    listenTextResolver: at => `listening at ${at}`,
  })
  return {
    url,
    port: Number(new URL(url).port),
    close: () => closeWithin(server, limits.farewell),
  }
}

function createServer(log: FastifyBaseLogger, { arrival }: ServerLimits): FastifyInstance {
  const start = randomBytes(4).toString('hex')
  let requests = 0
  const server: FastifyInstance = fastify({
    loggerInstance: log,
    // Whoever wants a line for each request reads the log at level debug: two for each would cost as much as storing a delivery.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => `${start}-${++requests}`,
    // Forwarded addresses count when a proxy on this machine says them; anyone else could say anything.
    trustProxy: 'loopback',
    requestTimeout: arrival,
    // Node looks for requests that are late only this often, and takes 60 s for the head when it is not told.
    http: { connectionsCheckingInterval: Math.max(50, arrival / 20), headersTimeout: arrival, requestTimeout: arrival },
    routerOptions: { maxParamLength: 200 },
  })
  server.setNotFoundHandler(request => {
    throw new HttpRefusal({
      status: 404,
      code: 'not_found',
      message: `There is nothing at ${request.method} ${pathOf(request.url)}.`,
      remedy: 'Compare the address with the documentation.',
    })
  })
  server.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error)
    const { status, message } = refusal
    const facts = { method: request.method, path: pathOf(request.url), status }
    if (refusal.code === 'internal_error') request.log.error({ ...facts, err: error }, message)
    else if (status >= 500) request.log.warn(facts, message)
    else request.log.info(facts, message)
    return reply
      .code(status)
      .headers({ ...refusal.headers })
      .type('application/problem+json')
      .send(problemDocument(refusal, request.id))
  })
  return server
}

function logAnswers(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const facts = { method: request.method, path: pathOf(request.url), status: reply.statusCode }
    request.log.debug({ ...facts, ms: Math.round(reply.elapsedTime) }, 'answered')
    done()
  })
}

/** Without the query, which may hold what nobody should read in a log. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

/** Milliseconds. */
const sweep = 20

async function closeWithin(server: FastifyInstance, farewell: number): Promise<void> {
  // A connection whose last request has just been answered would be kept for the client's next one.
  const idle = setInterval(() => server.server.closeIdleConnections(), sweep)
  const cut = setTimeout(() => {
    server.log.warn('requests that were under way took too long; their connections are cut')
    server.server.closeAllConnections()
  }, farewell)
  try {
    await server.close()
  } finally {
    clearInterval(idle)
    clearTimeout(cut)
  }
}
