import { z } from 'zod'
import type { AddressPolicy } from './registry-address.ts'
import { exchange } from './registry-exchange.ts'
import { deniedFailure, protocolFailure } from './registry-failure.ts'
import { type Access, deniedRemedy, statusFailure } from './registry-status.ts'
import { type Challenge, parseChallenge } from './token-challenge.ts'

/** Who we are for a registry. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** What a token is asked for. */
export interface TokenScope {
  readonly access: Access
  /** `repository:<name>:<actions>`, several where a blob is mounted from another repository. */
  readonly scopes: readonly string[]
}

/** Knows the Authorization header for each scope, once the registry has said what it wants. */
export interface Authorizer {
  /** @returns undefined while the registry has not asked for any */
  header(scope: TokenScope): Promise<string | undefined>

  /**
   * To be called after a 401.
   *
   * @param refused - the header that was sent
   * @throws {RegistryFailure} `store_denied` when there is nothing else that could be sent
   */
  renew(
    scope: TokenScope,
    refused: { readonly header: string | undefined; readonly challenge: string | undefined },
  ): Promise<void>
}

interface Token {
  readonly header: string
  /** On the monotonic clock, in milliseconds. */
  readonly expiresAt: number
}

const answerLimit = 1024 * 1024
const decode = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  // Source: Docker Registry v2 authentication: "for compatibility with older clients … default to 60 seconds".
  expires_in: z.number().positive().catch(60).default(60),
})

/** Milliseconds before its end at which a token is taken for expired. */
const earlyMs = 5_000

/** Source: Docker Registry v2 token authentication; Basic (RFC 7617) where a registry asks for that. */
export function createAuthorizer(registry: {
  readonly credentials: Credentials | undefined
  readonly policy: AddressPolicy
  readonly silenceMs: number
}): Authorizer {
  let challenge: Challenge | undefined
  const tokens = new Map<string, Promise<Token>>()

  const obtain = (scope: TokenScope): Promise<Token> => {
    const key = keyOf(scope)
    // One request for all that wait for the same token; a failed one is forgotten.
    const pending = fetchToken({ ...registry, challenge, scope })
    tokens.set(key, pending)
    pending.catch(() => {
      if (tokens.get(key) === pending) tokens.delete(key)
    })
    return pending
  }
  const current = async (scope: TokenScope): Promise<Token> => {
    const known = tokens.get(keyOf(scope))
    const held = await known
    if (held !== undefined && held.expiresAt > performance.now()) return held
    // While this one waited, another may have asked already.
    return tokens.get(keyOf(scope)) === known ? obtain(scope) : current(scope)
  }

  return {
    async header(scope) {
      if (challenge === undefined) return undefined
      return challenge.scheme === 'basic' ? basic(registry.credentials) : (await current(scope)).header
    },

    async renew(scope, refused) {
      const asked = parseChallenge(refused.challenge)
      if (
        asked === undefined ||
        (asked.scheme === 'basic' && (refused.header !== undefined || registry.credentials === undefined))
      ) {
        throw deniedFailure('The registry', 'answered 401 and takes no other credentials', deniedRemedy(scope.access))
      }
      challenge = asked
      // Another request may have brought a new token since this one was sent.
      const held = await tokens.get(keyOf(scope))
      if (held?.header === refused.header) tokens.delete(keyOf(scope))
    },
  }
}

function keyOf(scope: TokenScope): string {
  return scope.scopes.join(' ')
}

function basic(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined) return undefined
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
}

async function fetchToken(request: {
  readonly credentials: Credentials | undefined
  readonly policy: AddressPolicy
  readonly silenceMs: number
  readonly challenge: Challenge | undefined
  readonly scope: TokenScope
}): Promise<Token> {
  const { challenge, scope, policy, silenceMs } = request
  if (challenge?.scheme !== 'bearer') throw new TypeError('A token is fetched only where the registry asks for one.')
  const url = tokenUrl(challenge, scope)
  const lookup = await policy.admit(url, 'The request for a token')
  const authorization = basic(request.credentials)
  // A redirect is not followed: the credentials are for the server that the registry named.
  const answer = await exchange({
    method: 'GET',
    url,
    headers: { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    silenceMs,
    lookup,
  })
  if (answer.status !== 200) throw await statusFailure(answer, scope.access)
  const asked = performance.now()
  const decoded = decode.safeParse(parseJson(await answer.bytes(answerLimit)))
  const token = decoded.data?.token ?? decoded.data?.access_token
  if (!decoded.success || token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw protocolFailure(answer.where, 'gave no token')
  }
  return { header: `Bearer ${token}`, expiresAt: asked + decoded.data.expires_in * 1000 - earlyMs }
}

/** The scope that the registry asked for is added to ours: some registries always word it as pull only. */
function tokenUrl(challenge: Challenge & { readonly scheme: 'bearer' }, scope: TokenScope): URL {
  if (!URL.canParse(challenge.realm))
    throw protocolFailure('The registry', `names "${challenge.realm.slice(0, 80)}" as its token server`)
  const url = new URL(challenge.realm)
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
  const named = challenge.scope?.split(' ') ?? []
  // `…:pull` adds nothing to `…:pull,push`.
  const further = named.filter(name => !scope.scopes.some(ours => ours.startsWith(name)))
  for (const wanted of [...scope.scopes, ...further]) url.searchParams.append('scope', wanted)
  return url
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
