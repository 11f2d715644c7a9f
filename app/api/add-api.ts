import type { FastifyBodyParser, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { IdempotentAnswers } from '../../src/ports/idempotent-answers.ts'
import { type Admission, type Admitted, admit } from './admit.ts'
import { createDescription } from './description.ts'
import { placesOf, routerPath } from './path-places.ts'
import { personKey, principalKey, runKey } from './principal.ts'
import { withStatus } from './refusal-status.ts'
import { answerOnce, fingerprint, readIdempotencyKey, type WrittenAnswer } from './repeatable.ts'
import { type ApiRoute, noBody, nothing, publicRoute, type RawCall } from './route.ts'

/** What the API is made of. */
export interface ApiOptions {
  readonly admission: Admission
  readonly answers: IdempotentAnswers
  readonly routes: readonly ApiRoute[]
}

/** Bytes. */
const bodyLimit = 1_048_576

/**
 * Adds the API to the App's server: every route of {@link ApiOptions.routes}, and the description of all of them. Who may call what, the reading
 * of requests, keys of requests that are sent again and the form of answers are in this one place.
 */
export async function addApi(server: FastifyInstance, options: ApiOptions): Promise<void> {
  const routes = [...options.routes, descriptionRoute(options.routes)]
  await server.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, readJson(scope))
    scope.addHook('onRequest', async (_, reply) => {
      reply.header('cache-control', 'no-store')
    })
    for (const route of routes) {
      scope.route({
        method: route.method,
        url: routerPath(route.path),
        bodyLimit,
        handler: (request, reply) => serve(options, route, { request, reply }),
      })
    }
  })
}

/** The description is itself a route, and describes itself. */
function descriptionRoute(routes: readonly ApiRoute[]): ApiRoute {
  const route: ApiRoute = publicRoute({
    id: 'describeApi',
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This description.',
    params: nothing,
    query: nothing,
    body: noBody,
    answer: z.record(z.string(), z.unknown()),
    example: { params: {}, query: {}, body: undefined },
    handle: async () => description,
  })
  const description = createDescription([...routes, route])
  return route
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function serve(options: ApiOptions, route: ApiRoute, exchange: Exchange): Promise<FastifyReply> {
  try {
    const { status, body } = await answerTo(options, route, exchange.request)
    return exchange.reply.code(status).type('application/json; charset=utf-8').send(body)
  } catch (error) {
    throw withStatus(error)
  }
}

async function answerTo(options: ApiOptions, route: ApiRoute, request: FastifyRequest): Promise<WrittenAnswer> {
  const key = route.method === 'POST' ? readIdempotencyKey(request.headers['idempotency-key']) : undefined
  const who = await admit(options.admission, route.access, {
    authorization: request.headers.authorization,
    places: placesIn(route, request.params),
  })
  const { params, query, body } = request
  const sender = senderOf(who)
  const call: RawCall = {
    who,
    params,
    query,
    body: body ?? undefined,
    idempotencyKey: key === undefined ? undefined : `${sender} ${key}`,
    requestId: request.id,
  }
  const answer = async (): Promise<WrittenAnswer> => ({
    status: route.status,
    body: JSON.stringify(await route.call(call)),
  })
  if (key === undefined) return await answer()
  const sha256 = fingerprint({ route: route.id, params, query, body })
  return await answerOnce(options.answers, { sender, key, sha256 }, answer)
}

function placesIn(route: ApiRoute, params: unknown): Record<string, string> {
  const given = new Map<string, unknown>(Object.entries(Object(params)))
  const placed = placesOf(route.path).flatMap(place => {
    const value = given.get(place)
    return typeof value === 'string' ? [[place, value] as const] : []
  })
  return Object.fromEntries(placed)
}

/** Whose key it is: the same key of two senders is two keys. */
function senderOf(who: Admitted): string {
  switch (who.kind) {
    case 'anyone':
      return 'anyone'
    case 'principal':
      return principalKey(who.principal)
    case 'person':
      return personKey(who.person)
    case 'run':
      return runKey(who.claims)
  }
}

/** Fastify's parser refuses `__proto__` and the like. An empty body is none: some clients name a type for that too. */
function readJson(scope: FastifyInstance): FastifyBodyParser<string> {
  const parse = scope.getDefaultJsonParser('error', 'error')
  return (request, text, done) => {
    if (text === '') done(null, undefined)
    else void parse(request, text, done)
  }
}
