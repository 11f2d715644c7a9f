import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Clock } from '../../ports/clock.ts'

/** By which GitHub knows the App. */
export interface AppCredentials {
  readonly appId: number
  /** PEM, as GitHub gave it out. */
  readonly privateKey: string
}

/** What the App proves itself with. */
export interface AppJwt {
  /** One that is good for another minute at least. */
  current(): Promise<string>
  /** GitHub's clock shows this instant (milliseconds) now: what is signed from here on goes by it. */
  correct(githubNow: number): void
}

/** Seconds. GitHub takes ten minutes at most, and 60 s into the past guard against drift. Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const lifetime = 540
const drift = 60

/** @throws {RingwayError} `input_invalid` when the key is none */
export function createAppJwt({ appId, privateKey }: AppCredentials, clock: Clock): AppJwt {
  const key = readKey(privateKey)
  /** Milliseconds that GitHub's clock is ahead of ours. */
  let ahead = 0
  let signed: { readonly text: Promise<string>; readonly end: number } | undefined
  return {
    current() {
      const now = Math.floor((clock.now() + ahead) / 1_000)
      if (signed === undefined || signed.end - now < 60 || signed.end - now > lifetime) {
        const end = now + lifetime
        const jwt = new SignJWT().setProtectedHeader({ alg: 'RS256' }).setIssuer(String(appId))
        signed = {
          end,
          text: jwt
            .setIssuedAt(now - drift)
            .setExpirationTime(end)
            .sign(key),
        }
      }
      return signed.text
    },
    correct(githubNow) {
      ahead = githubNow - clock.now()
      signed = undefined
    },
  }
}

/** GitHub gives out PKCS#1, other tools write PKCS#8: both are read. */
function readKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // The parser's message may quote the key.
  }
  throw new RingwayError({
    code: 'input_invalid',
    message: 'Expected the private key of the GitHub App as PEM (an RSA key), got something that is no such key.',
    remedy: "Generate a private key on the App's settings page and give the whole file, with its BEGIN and END lines.",
  })
}
