import { createHash, type KeyObject, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { SignJWT } from 'jose'
import { close, listen } from './listening.ts'
import { createSelfSigned } from './self-signed-certificate.ts'

/** A user of the token server; an anonymous one has the name `''`. */
export interface TokenUser {
  readonly name: string
  readonly password: string
  readonly actions: readonly ('pull' | 'push')[]
}

/** One request for a token. */
interface TokenRequest {
  readonly scopes: readonly string[]
  readonly authorization: string | undefined
}

/** A token server that runs until it is closed. */
export interface RunningTokenServer extends AsyncDisposable {
  readonly realm: string
  readonly issuer: string
  /** What the registry checks the tokens against, PEM. */
  readonly certificate: string
  readonly requests: readonly TokenRequest[]
  /** What the next tokens are like. */
  readonly tokens: { lifetimeSeconds: number; announcedSeconds: number | undefined }
  /** Statuses that the next requests get instead of a token. */
  readonly failures: number[]
}

/** Signs tokens as the registry verifies them. Source: Docker Registry v2 token authentication. */
export async function startTokenServer(users: readonly TokenUser[]): Promise<RunningTokenServer> {
  const issuer = 'ringway test'
  const { privateKey, publicKey, certificate } = createSelfSigned(issuer)
  const requests: TokenRequest[] = []
  const failures: number[] = []
  const tokens: RunningTokenServer['tokens'] = { lifetimeSeconds: 300, announcedSeconds: undefined }

  const server = createServer((incoming, outgoing) => {
    const asked = readRequest(incoming)
    requests.push(asked)
    const failure = failures.shift()
    const user = users.find(known => asked.authorization === authorizationOf(known))
    if (failure !== undefined || user === undefined) {
      outgoing.writeHead(failure ?? 401).end('{"errors":[{"code":"UNAUTHORIZED","message":"who are you?"}]}')
      return
    }
    const claims = { access: grant(user, asked.scopes) }
    sign({ claims, issuer, privateKey, keyId: keyIdOf(publicKey), lifetimeSeconds: tokens.lifetimeSeconds }).then(
      token => outgoing.end(JSON.stringify({ token, expires_in: tokens.announcedSeconds ?? tokens.lifetimeSeconds })),
      error => outgoing.writeHead(500).end(String(error)),
    )
  })
  const port = await listen(server)
  return {
    realm: `http://127.0.0.1:${port}/token`,
    issuer,
    certificate,
    requests,
    failures,
    tokens,
    [Symbol.asyncDispose]: () => close(server),
  }
}

function readRequest(incoming: IncomingMessage): TokenRequest {
  const { searchParams } = new URL(incoming.url ?? '/', 'http://token')
  return { scopes: searchParams.getAll('scope'), authorization: incoming.headers.authorization }
}

function authorizationOf(user: TokenUser): string | undefined {
  if (user.name === '') return undefined
  return `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
}

/** Grants what the user may do of what was asked for, as token servers do: less is no error. */
function grant(user: TokenUser, scopes: readonly string[]): readonly unknown[] {
  return scopes.flatMap(scope => {
    const [type, name, actions = ''] = scope.split(':')
    const granted = actions.split(',').filter(action => user.actions.some(allowed => allowed === action))
    return granted.length === 0 ? [] : [{ type, name, actions: granted }]
  })
}

async function sign(token: {
  readonly claims: Record<string, unknown>
  readonly issuer: string
  readonly privateKey: KeyObject
  readonly keyId: string
  readonly lifetimeSeconds: number
}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT(token.claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: token.keyId })
    .setIssuer(token.issuer)
    .setSubject('somebody')
    .setAudience('test-registry')
    .setIssuedAt(now)
    .setNotBefore(now - 1)
    .setExpirationTime(now + token.lifetimeSeconds)
    .setJti(randomUUID())
    .sign(token.privateKey)
}

/** How the registry names a key: 240 bits of its hash in base32, in groups of four. Source: libtrust. */
function keyIdOf(publicKey: KeyObject): string {
  const hash = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 30)
  const bits = [...hash].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const letters = bits.replaceAll(/.{5}/g, five => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five, 2)))
  return (letters.match(/.{4}/g) ?? []).join(':')
}
