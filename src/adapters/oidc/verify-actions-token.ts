import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type ProtectedHeaderParameters } from 'jose'
import type { RunClaims } from '../../domain/policy/run-identity.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { type EpochMs, epochMs } from '../../domain/units.ts'
import type { ReplayGuard } from '../../ports/replay-guard.ts'
import { actionsClaims } from './actions-claims.ts'
import { createIssuerKeys } from './issuer-keys.ts'

/** Proves which run of GitHub Actions sends a request. */
export interface ActionsTokenVerifier {
  /**
   * Verifies a token and uses it up.
   *
   * @throws {RingwayError} `unauthenticated`, `token_replayed`, `github_unreachable`
   */
  verify(token: string): Promise<RunClaims>
}

/** Seconds that clocks may be apart. */
const skew = 60
/** Seconds. GitHub's tokens live for minutes; an older one was kept by somebody. */
const oldest = 3_600
/** Characters; GitHub's have some two thousand. */
const longest = 16_384
/** Headers by which a token would bring its own key along. */
const foreignKeys = ['jku', 'jwk', 'x5u', 'x5c', 'crit'] as const

/**
 * Verifies Actions OIDC tokens: RS256 with a key of the issuer, its issuer and our audience exactly, its times with 60 s of skew, and each
 * token once.
 *
 * @param options - `issuer`: of github.com's tokens `https://token.actions.githubusercontent.com`; `audience`: the App's public URL, which no other service asks for; `monotonic`: milliseconds of a clock that never jumps
 */
export function createActionsTokenVerifier(options: {
  readonly issuer: string
  readonly audience: string
  readonly replayGuard: ReplayGuard
  readonly now: () => EpochMs
  readonly monotonic: () => number
}): ActionsTokenVerifier {
  const { issuer, audience, replayGuard, now } = options
  const keys = createIssuerKeys(issuer, options.monotonic)
  return {
    async verify(token) {
      checkHeader(token, audience)
      const payload = await asRefusal(audience, async () => {
        const verified = await jwtVerify(token, keys, {
          algorithms: ['RS256'],
          issuer,
          audience,
          clockTolerance: skew,
          maxTokenAge: oldest,
          currentDate: new Date(now()),
          requiredClaims: ['exp', 'nbf', 'iat', 'jti'],
        })
        return verified.payload
      })
      checkAudience(payload, audience)
      const claims = actionsClaims.safeParse(payload)
      if (!claims.success) {
        const [first] = claims.error.issues
        throw refusal(`its claim ${first?.path.join('.')} is not as GitHub writes it`, audience)
      }
      await useUp(replayGuard, payload, audience)
      return claims.data
    },
  }
}

/** Before anything is asked of anybody. */
function checkHeader(token: string, audience: string): void {
  if (token.length > longest) throw refusal('it is too long', audience)
  let header: ProtectedHeaderParameters
  try {
    header = decodeProtectedHeader(token)
  } catch {
    throw refusal('it is no JSON web token', audience)
  }
  if (header.alg !== 'RS256') throw refusal('it is not signed with RS256', audience)
  const brought = foreignKeys.find(name => Object.hasOwn(header, name))
  if (brought !== undefined) throw refusal(`it has the header ${brought}`, audience)
  if (typeof header.kid !== 'string') throw refusal('it does not name its key', audience)
}

/** A token for several is a token that another of them could send us. */
function checkAudience({ aud }: JWTPayload, audience: string): void {
  const named = typeof aud === 'string' ? [aud] : aud
  if (named?.length !== 1 || named[0] !== audience) throw refusal('it is meant for others as well', audience)
}

async function useUp(guard: ReplayGuard, { jti, exp }: JWTPayload, audience: string): Promise<void> {
  if (typeof jti !== 'string' || !/^[!-~]{8,200}$/.test(jti)) throw refusal('it has no usable jti', audience)
  if (exp === undefined) throw refusal('it never expires', audience)
  if (await guard.use(jti, epochMs((exp + skew) * 1000))) return
  throw new RingwayError({
    code: 'token_replayed',
    message: 'An identity token is good for one request, and this one was used before.',
    remedy: 'Ask GitHub for a new token for each request.',
  })
}

async function asRefusal<T>(audience: string, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refusal(reasonOf(error), audience, error)
    throw error
  }
}

/** jose's own words name claims and never show values. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWKSNoMatchingKey) return 'its issuer has no such key'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong'
  if (error instanceof errors.JWTExpired) return `its time is over (${error.claim})`
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is not as expected`
  return 'it cannot be read'
}

function refusal(why: string, audience: string, cause?: unknown): RingwayError {
  return new RingwayError({
    code: 'unauthenticated',
    message: `The identity token does not prove which run sends it: ${why}.`,
    remedy: `Give the job \`id-token: write\` and ask for a token with the audience ${audience}.`,
    cause,
  })
}
