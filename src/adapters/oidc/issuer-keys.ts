import { type CryptoKey, createRemoteJWKSet, type JWSHeaderParameters, type RemoteJWKSet } from 'jose'
import * as z from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'

/** Finds the issuer's key that a token's header names. */
export type IssuerKeys = (header: JWSHeaderParameters) => Promise<CryptoKey>

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() })

/** Milliseconds. */
const askedAgainAfter = 30_000
const keptFor = 600_000
const answerWithin = 5_000

/**
 * The keys of an OpenID issuer, found by its discovery document and kept for ten minutes. A key that is not among them has them fetched again
 * at most twice a minute, and an issuer that does not answer is asked at most twice a minute as well: whoever sends bad tokens cannot make
 * us ask more.
 *
 * @param issuer - its URL, exactly as tokens name it
 * @param monotonic - milliseconds of a clock that never jumps
 * @throws {RingwayError} `github_unreachable`, from the function that it returns
 */
export function createIssuerKeys(issuer: string, monotonic: () => number): IssuerKeys {
  let discovered: Promise<RemoteJWKSet> | undefined
  let failure: { readonly error: unknown; readonly at: number } | undefined

  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (failure !== undefined && monotonic() - failure.at < askedAgainAfter) throw unreachable(issuer, failure.error)
    try {
      return await ask()
    } catch (error) {
      failure = { error, at: monotonic() }
      discovered = undefined
      throw unreachable(issuer, error)
    }
  }

  return async header => {
    const keys = await asking(() => (discovered ??= discover(issuer)))
    if (!keys.fresh) await asking(() => keys.reload())
    else if (!knows(keys, header.kid) && !keys.coolingDown) await asking(() => keys.reload())
    return await keys(header)
  }
}

function knows(keys: RemoteJWKSet, kid: string | undefined): boolean {
  return keys.jwks()?.keys.some(key => key.kid === kid) === true
}

async function discover(issuer: string): Promise<RemoteJWKSet> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(answerWithin),
    headers: { accept: 'application/json', 'user-agent': 'ringway' },
  })
  if (!response.ok) throw new TypeError(`its discovery document was answered with ${response.status}`)
  const document = discoveryDocument.parse(await response.json())
  if (document.issuer !== issuer) throw new TypeError(`it calls itself ${document.issuer}`)
  const url = new URL(document.jwks_uri)
  // The keys decide who may deploy: another host has no say in them.
  if (url.origin !== new URL(issuer).origin) throw new TypeError(`its keys are at another place, ${url.origin}`)
  return createRemoteJWKSet(url, {
    cooldownDuration: askedAgainAfter,
    cacheMaxAge: keptFor,
    timeoutDuration: answerWithin,
  })
}

function unreachable(issuer: string, cause: unknown): RingwayError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new RingwayError({
    code: 'github_unreachable',
    kind: 'errored',
    message: `The keys of ${issuer} could not be read: ${why}.`,
    remedy: 'Look at githubstatus.com, then ask again; the run changed nothing.',
    cause,
  })
}
