import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Permissions } from '../world/permission.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { demand } from './access.ts'
import type { Actor } from './actor.ts'
import { ApiError, found, notFound } from './api-error.ts'
import { authenticate } from './authenticate.ts'
import type { Interceptor } from './interceptor.ts'
import type { Observer } from './observation.ts'
import { readBody } from './read-body.ts'
import type { ApiServer, Call, PlainRoute, Reply, RepositoryRoute } from './route.ts'

const API_ROOT = '/api/v3'
const REST_PARAMS = /\{(ref|path|basehead)\}$/

/** What every plugin of routes is given. */
interface ApiContext {
  readonly world: World
}

/** The routes of one area, added to the server. */
export type RoutePlugin = (server: ApiServer, context: ApiContext) => void

export interface ApiServerOptions {
  readonly world: World
  readonly observe: Observer
  readonly interceptor: Interceptor
}

type Route = Pick<PlainRoute, 'method' | 'path'> & { readonly answer: (call: Call) => Reply | Promise<Reply> }

/** Declares API routes: authentication, permission, errors, faults and observation are in this one place. */
export function createApiServer(http: FastifyInstance, options: ApiServerOptions): ApiServer {
  return {
    plainRoute(route) {
      addRoute(http, options, { ...route, answer: call => answerPlain(route, call) })
    },
    repositoryRoute(route) {
      addRoute(http, options, { ...route, answer: call => answerForRepository(options.world, route, call) })
    },
  }
}

function answerPlain(route: PlainRoute, call: Call): Reply | Promise<Reply> {
  if (route.by === 'app' && call.actor.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded')
  if (route.by === 'signed_in' && call.actor.kind === 'anonymous') throw new ApiError(401, 'Requires authentication')
  return route.handle(call)
}

function answerForRepository(world: World, route: RepositoryRoute, call: Call): Reply | Promise<Reply> {
  const [owner, name] = [call.param('owner'), call.param('repo')]
  const former = world.formerNames.get(`${owner}/${name}`.toLowerCase())
  if (former !== undefined) return redirect(world, former, { route, call })
  const repository = found(world.repository(owner, name))
  const permit = (needed: Permissions): void => demand(call.actor, repository, needed)
  permit(route.needs)
  return route.handle({ ...call, repository, demand: permit })
}

/** GitHub sends who asks under a former name to the repository's id, whoever asks. */
function redirect(world: World, { id }: Repository, { route, call }: { route: RepositoryRoute; call: Call }): Reply {
  const rest = call.url.pathname.split('/').slice(API_ROOT.split('/').length + 3)
  const location = `${world.apiUrl}/${['repositories', id, ...rest].join('/')}${call.url.search}`
  // A client that follows a 301 would turn a write into a read.
  const isRead = route.method === 'GET'
  return {
    status: isRead ? 301 : 307,
    headers: { location },
    body: {
      message: isRead ? 'Moved Permanently' : 'Temporary Redirect',
      url: location,
      documentation_url:
        'https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects',
    },
  }
}

function addRoute(http: FastifyInstance, options: ApiServerOptions, route: Route): void {
  http.route({
    method: route.method,
    url: API_ROOT + route.path.replace(REST_PARAMS, '*').replaceAll(/\{(\w+)\}/g, ':$1'),
    // Not `async`: the reply is sent by hand, because a fault may cut the connection instead.
    handler: (request, reply) => {
      void serve(options, route, { request, reply })
    },
  })
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What becomes of a request: an answer with the headers that go with every answer, or none. */
type Ending = { readonly kind: 'answer'; readonly reply: Reply } | { readonly kind: 'cut' }

async function serve(options: ApiServerOptions, route: Route, { request, reply }: Exchange): Promise<void> {
  const ending = await endingOf(options, route, request)
  if (ending.kind === 'answer') {
    send(reply, ending.reply)
  } else {
    reply.hijack()
    request.raw.socket.destroy()
  }
}

async function endingOf(options: ApiServerOptions, route: Route, request: FastifyRequest): Promise<Ending> {
  const { interceptor, world } = options
  try {
    const actor = await authenticate(world, request.headers.authorization)
    const intercepted = { method: route.method, template: route.path, path: request.url.slice(API_ROOT.length), actor }
    const before = await interceptor.before(intercepted)
    const own: Ending =
      before.kind === 'go_on' ? { kind: 'answer', reply: await observed(options, route, { request, actor }) } : before
    const after = before.kind === 'go_on' ? await interceptor.after(intercepted) : before
    const ending = after.kind === 'go_on' ? own : after
    if (ending.kind === 'cut') return ending
    const headers = { ...interceptor.headers(intercepted), ...scopesOf(actor), ...ending.reply.headers }
    return { kind: 'answer', reply: { ...ending.reply, headers } }
  } catch (error) {
    return { kind: 'answer', reply: refusal(error) }
  }
}

/** Of a classic token GitHub says what it is for, with every answer. */
function scopesOf(actor: Actor): Record<string, string> {
  return actor.kind === 'user' && actor.scopes !== undefined ? { 'x-oauth-scopes': actor.scopes.join(', ') } : {}
}

/** The route's own answer, shown to the observer, refusals included. */
async function observed(
  options: ApiServerOptions,
  route: Route,
  { request, actor }: { request: FastifyRequest; actor: Actor },
): Promise<Reply> {
  let answer: Reply
  try {
    answer = await route.answer(createCall(options.world, route, { request, actor }))
  } catch (error) {
    answer = refusal(error)
  }
  options.observe({
    kind: 'api',
    by: actor.kind,
    method: route.method,
    template: route.path,
    url: request.url,
    requestBody: request.body,
    status: answer.status,
    responseBody: answer.body === undefined ? undefined : plain(answer.body),
  })
  return answer
}

/** As the client will read it: dates as text, undefined members gone. */
function plain(body: unknown): unknown {
  return Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.parse(JSON.stringify(body))
}

function refusal(error: unknown): Reply {
  if (error instanceof ApiError) return { status: error.status, body: error }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { status: 500, body: new ApiError(500, `The sandbox itself failed: ${message}`) }
}

function send(reply: FastifyReply, answer: Reply): void {
  reply.code(answer.status).headers({ 'x-github-media-type': 'github.v3; format=json', ...answer.headers })
  if (answer.body === undefined) {
    reply.send()
  } else if (Buffer.isBuffer(answer.body) || typeof answer.body === 'string') {
    reply.send(answer.body)
  } else {
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer.body))
  }
}

function createCall(world: World, route: Route, { request, actor }: { request: FastifyRequest; actor: Actor }): Call {
  const params = textual(request.params)
  const rest = REST_PARAMS.exec(route.path)?.[1]
  const url = new URL(request.url, world.serverUrl)
  const param = (name: string): string => found(params.get(name === rest ? '*' : name))
  return {
    actor,
    url,
    header: name => {
      const value = request.headers[name]
      return Array.isArray(value) ? value[0] : value
    },
    param,
    id: name => {
      const text = param(name)
      if (!/^\d+$/.test(text)) throw notFound()
      return Number(text)
    },
    query: name => url.searchParams.get(name) ?? undefined,
    read: schema => readBody(schema, request.body),
  }
}

function textual(params: unknown): ReadonlyMap<string, string> {
  if (typeof params !== 'object' || params === null) return new Map()
  return new Map(Object.entries(params).map(([name, value]) => [name, String(value)]))
}
