import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'

const REQUEST_PATH = '/_actions/id-token'

/** What a job gets as ACTIONS_ID_TOKEN_REQUEST_URL; the toolkit appends `&audience=`, so it has a query already. */
export function idTokenRequestUrl(world: World): string {
  return `${world.serverUrl}${REQUEST_PATH}?api-version=2.0`
}

/** The issuer of ID tokens: this sandbox. */
function identityIssuer(world: World): string {
  return world.serverUrl
}

/** Discovery, keys, and where jobs ask for a token. */
export function addIdentityRoutes(http: FastifyInstance, world: World): void {
  http.get('/.well-known/openid-configuration', () => ({
    issuer: identityIssuer(world),
    jwks_uri: `${world.serverUrl}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  }))
  http.get('/.well-known/jwks', () => world.identity.jwks())
  http.get(REQUEST_PATH, async (request, reply) => {
    const requestToken = request.headers.authorization?.replace(/^bearer /i, '') ?? ''
    const value = await world.identity.idToken({
      requestToken,
      audience: new URL(request.url, world.serverUrl).searchParams.get('audience') ?? undefined,
      issuer: identityIssuer(world),
      now: world.now(),
    })
    return value === undefined ? reply.code(401).send({ message: 'Bad credentials' }) : { value, count: value.length }
  })
}
