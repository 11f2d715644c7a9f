import { randomBytes, randomUUID } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** Seconds; GitHub's tokens live for five minutes as well. */
const LIFETIME = 300

/** The claims of a job at the moment it asks; `aud`, `iss`, `iat`, `nbf`, `exp` and `jti` are added here. */
export interface IdentityClaims {
  readonly sub: string
  readonly [claim: string]: string
}

interface Requester {
  readonly claims: () => IdentityClaims
  readonly defaultAudience: string
}

/** Signs ID tokens for jobs, as GitHub's `token.actions.githubusercontent.com` does. */
export class IdentityProvider {
  readonly #privateKey: CryptoKey
  readonly #publicKey: JWK
  /** By the bearer token that the job was given. */
  readonly #requesters = new Map<string, Requester>()

  private constructor(privateKey: CryptoKey, publicKey: JWK) {
    this.#privateKey = privateKey
    this.#publicKey = publicKey
  }

  static async create(): Promise<IdentityProvider> {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwk = await exportJWK(publicKey)
    const kid = await calculateJwkThumbprint(jwk)
    return new IdentityProvider(privateKey, { ...jwk, kid, alg: 'RS256', use: 'sig' })
  }

  jwks(): { keys: JWK[] } {
    return { keys: [this.#publicKey] }
  }

  /**
   * Lets a job ask for ID tokens. The result is what it gets as ACTIONS_ID_TOKEN_REQUEST_TOKEN; the URL is
   * `idTokenRequestUrl(world)`.
   */
  admit(requester: Requester): string {
    const token = randomBytes(24).toString('base64url')
    this.#requesters.set(token, requester)
    return token
  }

  /** The job has ended: its token asks in vain from now on. */
  dismiss(requestToken: string): void {
    this.#requesters.delete(requestToken)
  }

  /** The signed ID token, or undefined when nobody with this request token may ask. */
  async idToken(request: {
    requestToken: string
    audience: string | undefined
    issuer: string
    now: Date
  }): Promise<string | undefined> {
    const requester = this.#requesters.get(request.requestToken)
    if (requester === undefined) return undefined
    const issuedAt = Math.floor(request.now.getTime() / 1000)
    return new SignJWT({ ...requester.claims() })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.#publicKey.kid ?? '' })
      .setIssuer(request.issuer)
      .setAudience(request.audience ?? requester.defaultAudience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME)
      .sign(this.#privateKey)
  }
}
