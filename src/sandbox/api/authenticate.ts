import { decodeJwt, importSPKI, jwtVerify } from 'jose'
import type { World } from '../world.ts'
import { type Actor, actorOfJob } from './actor.ts'
import { ApiError } from './api-error.ts'

/** Seconds: GitHub refuses JWTs that live longer. */
const MAX_JWT_LIFETIME = 600
/** Seconds of drift that GitHub tolerates. */
const CLOCK_TOLERANCE = 60

/**
 * Who makes a request with this `Authorization` header.
 *
 * @throws {ApiError} 401 when the credentials are not good; no header at all is the anonymous actor
 */
export async function authenticate(world: World, authorization: string | undefined): Promise<Actor> {
  if (authorization === undefined) return { kind: 'anonymous' }
  const credentials = credentialsIn(authorization)
  if (credentials === undefined) throw new ApiError(401, 'Bad credentials')
  // Tokens of Apps and jobs have dots, too: only what starts like a JSON object is a JWT.
  return credentials.startsWith('eyJ') ? appActor(world, credentials) : tokenActor(world, credentials)
}

/** The token in `Bearer x`, `token x`, or as password (or name) of `Basic`, as git and curl send it. */
function credentialsIn(authorization: string): string | undefined {
  const [scheme = '', value = ''] = authorization.split(' ', 2)
  if (/^(bearer|token)$/i.test(scheme)) return value
  if (!/^basic$/i.test(scheme)) return undefined
  const [name = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  const joined = password.join(':')
  return joined === '' || joined === 'x-oauth-basic' ? name : joined
}

function tokenActor(world: World, value: string): Actor {
  const token = world.tokens.get(value)
  if (token === undefined || (token.expiresAt !== null && token.expiresAt <= world.now())) {
    throw new ApiError(401, 'Bad credentials')
  }
  switch (token.kind) {
    case 'user':
      return { kind: 'user', user: token.user, scopes: token.scopes }
    case 'job':
      return actorOfJob(world, token)
    case 'installation':
      if (token.installation.suspendedAt !== null) throw new ApiError(403, 'This installation has been suspended')
      return { kind: 'installation', token, app: token.installation.app }
  }
}

async function appActor(world: World, jwt: string): Promise<Actor> {
  try {
    const issuer = String(decodeJwt(jwt).iss)
    const app = [...world.apps.values()].find(each => String(each.id) === issuer || each.clientId === issuer)
    if (app === undefined) throw new ApiError(404, 'Integration not found')
    const { payload } = await jwtVerify(jwt, await importSPKI(app.publicKey, 'RS256'), {
      algorithms: ['RS256'],
      currentDate: world.now(),
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['iat', 'exp', 'iss'],
    })
    const now = world.now().getTime() / 1000
    if ((payload.exp ?? 0) > now + MAX_JWT_LIFETIME + CLOCK_TOLERANCE) {
      throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
    }
    if ((payload.iat ?? 0) > now + CLOCK_TOLERANCE) {
      throw new ApiError(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      )
    }
    return { kind: 'app', app }
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError(401, 'A JSON web token could not be decoded')
  }
}
